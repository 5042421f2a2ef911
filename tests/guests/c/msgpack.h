// MessagePack of the conformance guests: reads as strictly as the strictest guest library, writes as the imitated one does.
#ifndef MSGPACK_H
#define MSGPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Ends the guest as the imitated language does; the text goes to standard error.
_Noreturn void panic(const char *text, const char *detail);

// A growing buffer outside of the memory that the host may ask for.
struct out {
    uint8_t *data;
    size_t length;
    size_t capacity;
};

void out_clear(struct out *out);
void put_raw(struct out *out, const void *data, size_t length);
void put_nil(struct out *out);
void put_bool(struct out *out, bool value);
void put_int(struct out *out, int64_t value);
void put_u32(struct out *out, uint32_t value);
void put_double(struct out *out, double value);
void put_text(struct out *out, const char *text);
void put_text_of(struct out *out, const uint8_t *data, size_t length);
void put_bytes(struct out *out, const uint8_t *data, size_t length);
void put_array(struct out *out, uint32_t count);
void put_map(struct out *out, uint32_t count);

enum kind { NIL, BOOL, INT, DOUBLE, TEXT, BYTES, ARRAY, MAP };

// One value. `at` is its first byte; `data` the bytes of a text, or the first element; `length` counts bytes, elements or pairs.
struct value {
    enum kind kind;
    const uint8_t *at;
    const uint8_t *data;
    const uint8_t *end;
    uint32_t length;
    int64_t number;
    double real;
};

// Reads the value at a place of a message and panics for what no host may send: float32, extensions, text that is not UTF-8, lengths
// beyond the end, a zero-length message.
struct value read_value(const uint8_t *at, const uint8_t *end);

// The first byte behind the value.
const uint8_t *skip_value(const uint8_t *at, const uint8_t *end);

// Finds a key of a map; keys that are not text end the guest.
bool find(struct value map, const char *key, struct value *found);

bool is_utf8(const uint8_t *data, size_t length);
bool text_is(struct value value, const char *text);

#endif
