// All 37 functions of the host, with the fields that the imitated library sends and the ones that it reads.
#include "functions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define HOST(name) \
    __attribute__((import_module("env"), import_name(#name))) uint64_t host_##name(const uint8_t *request, uint32_t length);
HOST(fs_read) HOST(fs_write) HOST(fs_create) HOST(fs_delete) HOST(fs_mkdir) HOST(fs_ls) HOST(fs_chmod) HOST(fs_read_lines)
HOST(fs_grep) HOST(fs_glob) HOST(fs_allowed_dirs) HOST(fs_copy) HOST(disk_usage)
HOST(archive_pack) HOST(archive_unpack) HOST(archive_list)
HOST(http_get) HOST(http_post) HOST(http_request)
HOST(tcp_request) HOST(tcp_connect) HOST(tcp_set_callback) HOST(tcp_write) HOST(tcp_close)
HOST(ws_connect) HOST(ws_send) HOST(ws_close)
HOST(shell_exec)
HOST(sys_info) HOST(time_now) HOST(env_get) HOST(log_write)
HOST(cluster_node_list) HOST(file_transfer_send) HOST(file_transfer_recv)
HOST(history_get) HOST(prompt_complete)

// Request fields, one after the other: name:type:rules. Types: s text, i int64, u uint32, b bool, d float64, B bytes, L list of anything.
// Rules, for Rust and for Go: a always, s if set, n always but nil when unset.
// Answer fields: name:type with the same types, [..] for lists, {..} for maps; ! must be there, ? may be nil.
static const struct {
    const char *name;
    uint64_t (*host)(const uint8_t *, uint32_t);
    const char *request;
    const char *answer;
} s_functions[] = {
#define F(name, request, answer) {#name, host_##name, request, answer}
#define HTTP "{status:i headers:[{name:s value:s}] cookies:[{name:s value:s domain:s path:s expires:i secure:b httponly:b}] body:B truncated:b}"
    F(fs_read, "path:s:aa", "{content:B}"),
    F(fs_write, "path:s:aa content:B:ss", "{}"),
    F(fs_create, "path:s:aa content:B:ss", "{}"),
    F(fs_delete, "path:s:aa", "{}"),
    F(fs_mkdir, "path:s:aa", "{}"),
    F(fs_ls, "path:s:aa long:b:aa", "{entries:[{name:s! size:i! is_dir:b! mod_time:i mode:i mode_str:s}]?}"),
    F(fs_chmod, "path:s:aa mode:u:aa recursive:b:aa", "{}"),
    F(fs_read_lines, "path:s:aa offset:i:aa limit:i:aa", "{lines:[s]? total_lines:i offset:i is_truncated:b}"),
    F(fs_grep,
      "pattern:s:aa path:s:sa fixed:b:sa case_insensitive:b:sa with_lines:b:sa filename_only:b:sa include:L:sn exclude:L:sn ignore_dirs:L:sn "
      "max_count:i:sa max_depth:i:sa workers:i:sa type_filter:s:sa",
      "{matches:[{path:s! matches:[{line_num:i! line:s ranges:[{start:i! end:i!}]?}]?}]?}"),
    F(fs_glob, "patterns:L:an path:s:sa only_files:b:sa only_dirs:b:sa match_hidden:b:sa max_depth:i:sa ignore_dirs:L:sn",
      "{matches:[{path:s! is_dir:b!}]?}"),
    F(fs_allowed_dirs, "", "{dirs:[{path:s! mode:s!}]!}"),
    F(fs_copy, "source:s:aa dest:s:aa", "{}"),
    F(disk_usage, "path:s:aa", "{total_bytes:i free_bytes:i used_bytes:i used_pct:d}"),
    F(archive_pack, "source:s:aa output:s:aa format:s:aa exclude:s:aa", "{files_count:i format:s}"),
    F(archive_unpack, "archive:s:aa dest:s:aa format:s:aa exclude:s:aa strip:i:aa", "{files_count:i}"),
    F(archive_list, "archive:s:aa format:s:aa exclude:s:aa", "{entries:[{name:s! size:i is_dir:b}]!}"),
    F(http_get, "url:s:aa timeout_ms:i:aa max_bytes:i:aa", HTTP),
    F(http_post, "url:s:aa body:B:an content_type:s:aa timeout_ms:i:aa max_bytes:i:aa", HTTP),
    F(http_request,
      "method:s:aa url:s:aa headers:L:an cookies:L:an body:B:an timeout_ms:i:aa max_bytes:i:aa follow_redirects:b:aa use_jar:b:aa", HTTP),
    F(tcp_request, "addr:s:aa data:B:an tls:b:aa insecure:b:aa timeout_ms:i:aa max_bytes:i:aa", "{data:B}"),
    F(tcp_connect, "addr:s:aa callback:s:aa timeout_ms:i:aa tls:b:sa insecure:b:sa server_name:s:ss", "{conn_id:s!}"),
    F(tcp_set_callback, "conn_id:s:aa callback:s:aa", "{}"),
    F(tcp_write, "conn_id:s:aa data:B:an", "{}"),
    F(tcp_close, "conn_id:s:aa", "{}"),
    F(ws_connect, "url:s:aa headers:L:an timeout_ms:i:aa callback:s:aa insecure:b:aa", "{conn_id:s!}"),
    F(ws_send, "conn_id:s:aa data:B:an message_type:s:aa", "{}"),
    F(ws_close, "conn_id:s:aa code:i:aa reason:s:aa", "{}"),
    F(shell_exec, "command:s:aa workdir:s:aa timeout_ms:i:aa tail:i:aa grep:s:aa as_daemon:b:sa log_file:s:ss",
      "{output:s exit_code:i pid:i log_file:s}"),
    F(sys_info, "", "{os:s! arch:s! hostname:s! num_cpu:i!}"),
    F(time_now, "", "{unix:i! unix_nano:i! rfc3339:s! timezone:s! utc_offset:i!}"),
    F(env_get, "key:s:aa", "{value:s!}"),
    F(log_write, "level:s:aa message:s:aa fields:M:an", "{}"),
    F(cluster_node_list, "", "{current_node:s! nodes:[{node_id:s! role:s! skills:[s]!}]!}"),
    F(file_transfer_send, "target_node:s:aa local_path:s:aa remote_path:s:aa", "{}"),
    F(file_transfer_recv, "source_node:s:aa remote_path:s:aa local_path:s:aa", "{}"),
    F(history_get, "filter:s:aa", "[{role:s! content:s!}]"),
    F(prompt_complete, "prompt:s:aa temperature:d:aa max_tokens:i:aa", "{content:s}"),
};

#ifdef GO
enum { RULE = 1 };
#else
enum { RULE = 0 };
#endif

static bool is_empty(struct value value) {
    switch (value.kind) {
        case NIL: return true;
        case DOUBLE: return value.real == 0;
        case BOOL: case INT: return value.number == 0;
        default: return value.length == 0;
    }
}

static void put_unset(struct out *out, char type, char rule) {
    switch (type) {
        case 's': put_text(out, ""); break;
        case 'i': put_int(out, 0); break;
        case 'u': put_u32(out, 0); break;
        case 'b': put_bool(out, false); break;
        case 'd': put_double(out, 0); break;
        case 'B': if (rule == 'n') { put_nil(out); } else { put_bytes(out, NULL, 0); } break;
        case 'L': if (rule == 'n') { put_nil(out); } else { put_array(out, 0); } break;
        case 'M': if (rule == 'n') { put_nil(out); } else { put_map(out, 0); } break;
        default: panic("table", "an unknown type of field");
    }
}

// Integers and floats are written anew, in the imitated library's width; everything else goes on as it came.
static void put_set(struct out *out, char type, struct value value) {
    if (type == 'i' || type == 'u') {
        if (type == 'i') { put_int(out, value.number); } else { put_u32(out, (uint32_t)value.number); }
    } else if (type == 'd') {
        put_double(out, value.kind == INT ? (double)value.number : value.real);
    } else if (type == 'B') {
        put_bytes(out, value.data, value.length);
    } else {
        put_raw(out, value.at, (size_t)(skip_value(value.at, value.end) - value.at));
    }
}

static void write_request(struct out *out, const char *fields, struct value arguments) {
    struct out body = {0};
    uint32_t count = 0;
    for (const char *at = fields; *at != 0;) {
        size_t length = strcspn(at, ":");
        char name[32] = {0};
        memcpy(name, at, length);
        char type = at[length + 1];
        char rule = at[length + 3 + RULE];
        at += length + 5;
        at += *at == ' ';
        struct value value;
        bool is_set = find(arguments, name, &value) && !is_empty(value);
        if (!is_set && rule == 's') {
            continue;
        }

        count++;
        put_text(&body, name);
        if (is_set) { put_set(&body, type, value); } else { put_unset(&body, type, rule); }
    }

    put_map(out, count);
    put_raw(out, body.data, body.length);
    free(body.data);
}

static void show_text(struct out *out, const uint8_t *data, size_t length) {
    put_raw(out, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        char shown[8];
        size_t size = 1;
        shown[0] = (char)data[i];
        if (data[i] < 0x20 || data[i] == '"' || data[i] == '\\') {
            size = (size_t)snprintf(shown, sizeof shown, "\\u%04x", data[i]);
        }

        put_raw(out, shown, size);
    }

    put_raw(out, "\"", 1);
}

static void show_bytes(struct out *out, const uint8_t *data, size_t length) {
    if (is_utf8(data, length)) {
        show_text(out, data, length);
        return;
    }

    put_raw(out, "\"hex:", 5);
    for (size_t i = 0; i < length; i++) {
        char shown[3];
        snprintf(shown, sizeof shown, "%02x", data[i]);
        put_raw(out, shown, 2);
    }

    put_raw(out, "\"", 1);
}

// Behind the pattern of one value.
static const char *pattern_end(const char *pattern) {
    int depth = 0;
    do {
        depth += *pattern == '{' || *pattern == '[';
        depth -= *pattern == '}' || *pattern == ']';
        pattern++;
    } while (depth > 0);
    return pattern;
}

static void require(struct value value, enum kind kind, const char *what) {
    if (value.kind != kind) {
        panic("decode: wrong type of field", what);
    }
}

static void show(struct out *out, const char *pattern, struct value value, const char *name);

static void show_map(struct out *out, const char *pattern, struct value value, const char *name) {
    require(value, MAP, name);
    put_raw(out, "{", 1);
    bool first = true;
    for (const char *at = pattern + 1; *at != '}';) {
        size_t length = strcspn(at, ":");
        char field[32] = {0};
        memcpy(field, at, length);
        const char *type = at + length + 1;
        const char *rule = pattern_end(type);
        at = rule + (*rule == '!' || *rule == '?');
        at += *at == ' ';
        struct value found;
        if (!find(value, field, &found)) {
            if (*rule == '!') {
                panic("decode: missing field", field);
            }

            continue;
        }

        if (!first) {
            put_raw(out, ",", 1);
        }

        first = false;
        show_text(out, (const uint8_t *)field, length);
        put_raw(out, ":", 1);
        if (found.kind == NIL && *rule == '?') {
            put_raw(out, "[]", 2);
        } else {
            show(out, type, found, field);
        }
    }

    put_raw(out, "}", 1);
}

static void show_list(struct out *out, const char *pattern, struct value value, const char *name) {
    require(value, ARRAY, name);
    put_raw(out, "[", 1);
    const uint8_t *at = value.data;
    for (uint32_t i = 0; i < value.length; i++) {
        if (i > 0) {
            put_raw(out, ",", 1);
        }

        show(out, pattern + 1, read_value(at, value.end), name);
        at = skip_value(at, value.end);
    }

    put_raw(out, "]", 1);
}

static void show(struct out *out, const char *pattern, struct value value, const char *name) {
    char number[40];
    switch (*pattern) {
        case '{': show_map(out, pattern, value, name); return;
        case '[': show_list(out, pattern, value, name); return;
        case 's':
            require(value, TEXT, name);
            show_text(out, value.data, value.length);
            return;
        case 'B':
            require(value, BYTES, name);
            show_bytes(out, value.data, value.length);
            return;
        case 'b':
            require(value, BOOL, name);
            put_raw(out, value.number ? "true" : "false", value.number ? 4 : 5);
            return;
        case 'i':
            require(value, INT, name);
            put_raw(out, number, (size_t)snprintf(number, sizeof number, "%lld", (long long)value.number));
            return;
        case 'd':
            require(value, DOUBLE, name);
            put_raw(out, number, (size_t)snprintf(number, sizeof number, "%.6f", value.real));
            return;
        default:
            panic("table", "an unknown type of field");
    }
}

bool call_function(struct value name, struct value arguments, struct out *text, struct out *error) {
    for (size_t i = 0; i < sizeof s_functions / sizeof *s_functions; i++) {
        if (!text_is(name, s_functions[i].name)) {
            continue;
        }

        static struct out s_request;
        out_clear(&s_request);
        write_request(&s_request, s_functions[i].request, arguments);
        struct value answer = memory_call(s_functions[i].host, &s_request);
        struct value why;
        if (answer.kind == MAP && find(answer, "error", &why)) {
            require(why, TEXT, "error");
            if (why.length > 0) {
                put_raw(error, "abi error: ", 11);
                put_raw(error, why.data, why.length);
                return true;
            }
        }

        show(text, s_functions[i].answer, answer, s_functions[i].name);
        return true;
    }

    return false;
}

void describe_functions(struct out *out) {
    for (size_t i = 0; i < sizeof s_functions / sizeof *s_functions; i++) {
        put_map(out, 2);
        put_text(out, "name");
        put_text(out, s_functions[i].name);
        put_text(out, "description");
        put_text(out, "Calls the host.");
    }
}

uint32_t count_functions(void) {
    return sizeof s_functions / sizeof *s_functions;
}
