#include "msgpack.h"

#include <stdlib.h>
#include <string.h>

static uint8_t *room(struct out *out, size_t length) {
    if (out->length + length > out->capacity) {
        out->capacity = (out->length + length) * 2 + 64;
        out->data = realloc(out->data, out->capacity);
        if (out->data == NULL) {
            panic("out of memory", "encoder");
        }
    }

    uint8_t *at = out->data + out->length;
    out->length += length;
    return at;
}

static void put_tagged(struct out *out, uint8_t tag, uint64_t value, int size) {
    uint8_t *at = room(out, (size_t)size + 1);
    at[0] = tag;
    for (int i = 0; i < size; i++) {
        at[1 + i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    }
}

// A header whose short form holds a length in its low bits.
static void put_header(struct out *out, uint8_t fixed, uint32_t fixed_limit, uint8_t tag8, uint8_t tag16, uint8_t tag32, uint32_t length) {
    if (length < fixed_limit) {
        *room(out, 1) = (uint8_t)(fixed | length);
    } else if (tag8 != 0 && length <= 0xff) {
        put_tagged(out, tag8, length, 1);
    } else if (length <= 0xffff) {
        put_tagged(out, tag16, length, 2);
    } else {
        put_tagged(out, tag32, length, 4);
    }
}

void out_clear(struct out *out) {
    out->length = 0;
}

void put_raw(struct out *out, const void *data, size_t length) {
    if (length > 0) {
        memcpy(room(out, length), data, length);
    }
}

void put_nil(struct out *out) {
    *room(out, 1) = 0xc0;
}

void put_bool(struct out *out, bool value) {
    *room(out, 1) = value ? 0xc3 : 0xc2;
}

void put_int(struct out *out, int64_t value) {
#ifdef GO
    put_tagged(out, 0xd3, (uint64_t)value, 8);
#else
    if (value >= -32 && value < 128) {
        *room(out, 1) = (uint8_t)value;
    } else if (value >= 0) {
        int size = value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
        put_tagged(out, size == 1 ? 0xcc : size == 2 ? 0xcd : size == 4 ? 0xce : 0xcf, (uint64_t)value, size);
    } else {
        int size = value >= -0x80 ? 1 : value >= -0x8000 ? 2 : value >= -0x80000000LL ? 4 : 8;
        put_tagged(out, size == 1 ? 0xd0 : size == 2 ? 0xd1 : size == 4 ? 0xd2 : 0xd3, (uint64_t)value, size);
    }
#endif
}

void put_u32(struct out *out, uint32_t value) {
#ifdef GO
    put_tagged(out, 0xce, value, 4);
#else
    put_int(out, value);
#endif
}

void put_double(struct out *out, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_tagged(out, 0xcb, bits, 8);
}

void put_text_of(struct out *out, const uint8_t *data, size_t length) {
    put_header(out, 0xa0, 32, 0xd9, 0xda, 0xdb, (uint32_t)length);
    put_raw(out, data, length);
}

void put_text(struct out *out, const char *text) {
    put_text_of(out, (const uint8_t *)text, strlen(text));
}

void put_bytes(struct out *out, const uint8_t *data, size_t length) {
    put_header(out, 0, 0, 0xc4, 0xc5, 0xc6, (uint32_t)length);
    put_raw(out, data, length);
}

void put_array(struct out *out, uint32_t count) {
    put_header(out, 0x90, 16, 0, 0xdc, 0xdd, count);
}

void put_map(struct out *out, uint32_t count) {
    put_header(out, 0x80, 16, 0, 0xde, 0xdf, count);
}

bool is_utf8(const uint8_t *data, size_t length) {
    for (size_t i = 0; i < length;) {
        uint8_t lead = data[i];
        size_t more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 9;
        if (more == 9 || i + more >= length) {
            return false;
        }

        for (size_t j = 1; j <= more; j++) {
            if ((data[i + j] & 0xc0) != 0x80) {
                return false;
            }
        }

        uint8_t second = more > 0 ? data[i + 1] : 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) || (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) {
            return false;
        }

        i += more + 1;
    }

    return true;
}

static uint64_t take(struct value *value, int size) {
    if (value->end - value->data < size) {
        panic("decode", "a number is cut off");
    }

    uint64_t number = 0;
    for (int i = 0; i < size; i++) {
        number = number << 8 | *value->data++;
    }

    return number;
}

static void with_body(struct value *value, enum kind kind, uint64_t length) {
    value->kind = kind;
    value->length = (uint32_t)length;
    if (length > (uint64_t)(value->end - value->data)) {
        panic("decode", "a length exceeds the message");
    }

    if (kind == TEXT && !is_utf8(value->data, (size_t)length)) {
        panic("decode", "text is not UTF-8");
    }
}

static void with_int(struct value *value, int64_t number) {
    value->kind = INT;
    value->number = number;
}

struct value read_value(const uint8_t *at, const uint8_t *end) {
    struct value value = {.at = at, .data = at + 1, .end = end};
    if (at >= end) {
        panic("decode", "EOF");
    }

    uint8_t tag = *at;
    if (tag < 0x80) {
        with_int(&value, tag);
    } else if (tag >= 0xe0) {
        with_int(&value, (int8_t)tag);
    } else if (tag < 0x90) {
        with_body(&value, MAP, tag & 0x0f);
    } else if (tag < 0xa0) {
        with_body(&value, ARRAY, tag & 0x0f);
    } else if (tag < 0xc0) {
        with_body(&value, TEXT, tag & 0x1f);
    } else {
        switch (tag) {
            case 0xc0: value.kind = NIL; break;
            case 0xc2: case 0xc3: value.kind = BOOL; value.number = tag & 1; break;
            case 0xc4: case 0xc5: case 0xc6: with_body(&value, BYTES, take(&value, 1 << (tag - 0xc4))); break;
            case 0xcb: {
                uint64_t bits = take(&value, 8);
                value.kind = DOUBLE;
                memcpy(&value.real, &bits, sizeof bits);
                break;
            }
            case 0xcc: with_int(&value, (int64_t)take(&value, 1)); break;
            case 0xcd: with_int(&value, (int64_t)take(&value, 2)); break;
            case 0xce: with_int(&value, (int64_t)take(&value, 4)); break;
            case 0xcf: case 0xd3: with_int(&value, (int64_t)take(&value, 8)); break;
            case 0xd0: with_int(&value, (int8_t)take(&value, 1)); break;
            case 0xd1: with_int(&value, (int16_t)take(&value, 2)); break;
            case 0xd2: with_int(&value, (int32_t)take(&value, 4)); break;
            case 0xd9: case 0xda: case 0xdb: with_body(&value, TEXT, take(&value, 1 << (tag - 0xd9))); break;
            case 0xdc: case 0xdd: with_body(&value, ARRAY, take(&value, tag == 0xdc ? 2 : 4)); break;
            case 0xde: case 0xdf: with_body(&value, MAP, take(&value, tag == 0xde ? 2 : 4)); break;
            case 0xca: panic("decode", "float32");
            default: panic("decode", "an extension type");
        }
    }

    return value;
}

const uint8_t *skip_value(const uint8_t *at, const uint8_t *end) {
    struct value value = read_value(at, end);
    if (value.kind == TEXT || value.kind == BYTES) {
        return value.data + value.length;
    }

    uint64_t inside = value.kind == ARRAY ? value.length : value.kind == MAP ? (uint64_t)value.length * 2 : 0;
    const uint8_t *next = value.data;
    while (inside-- > 0) {
        next = skip_value(next, end);
    }

    return next;
}

bool text_is(struct value value, const char *text) {
    return value.kind == TEXT && value.length == strlen(text) && memcmp(value.data, text, value.length) == 0;
}

bool find(struct value map, const char *key, struct value *found) {
    const uint8_t *at = map.data;
    for (uint32_t i = 0; i < map.length; i++) {
        struct value name = read_value(at, map.end);
        if (name.kind != TEXT) {
            panic("decode", "a key is not text");
        }

        at = skip_value(at, map.end);
        if (text_is(name, key)) {
            *found = read_value(at, map.end);
            return true;
        }

        at = skip_value(at, map.end);
    }

    return false;
}
