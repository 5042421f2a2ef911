// A guest as Rust's library makes them, and with -DGO as Go's: see the README beside this file.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#include "functions.h"
#include "memory.h"
#include "msgpack.h"

#define EXPORT(name) __attribute__((export_name(name)))

_Noreturn void panic(const char *text, const char *detail) {
    fprintf(stderr, "a line before the last one\n%s: %s\n", text, detail);
#ifdef GO
    __wasi_proc_exit(2);
#else
    __builtin_trap();
#endif
}

static int s_starts;
static const char *s_start_fault = "";
static struct out s_events;        // arguments of callbacks, one behind the other
static uint32_t s_event_count;

// Runs inside _initialize, and only there.
__attribute__((constructor)) static void start(void) {
    s_starts++;
    size_t count, size;
    uint8_t random[16] = {0}, zero[16] = {0};
    __wasi_prestat_t prestat;
    __wasi_timestamp_t now;
    char byte;
    if (__wasi_args_sizes_get(&count, &size) != 0 || count != 0) {
        s_start_fault = "arguments";
    } else if (__wasi_environ_sizes_get(&count, &size) != 0 || count != 0) {
        s_start_fault = "environment";
    } else if (__wasi_fd_prestat_get(3, &prestat) == 0) {
        s_start_fault = "a directory";
    } else if (__wasi_random_get(random, sizeof random) != 0 || memcmp(random, zero, sizeof random) == 0) {
        s_start_fault = "no randomness";
    } else if (__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1, &now) != 0 || now < 1700000000000000000ULL) {
        s_start_fault = "no clock";
    } else if (read(0, &byte, 1) != 0) {
        s_start_fault = "standard input is not at its end";
    }
}

static void check_start(void) {
    if (s_starts != 1) {
        panic("_initialize", s_starts == 0 ? "was not called" : "was called again");
    }
}

static struct value need(struct value map, const char *key, enum kind kind) {
    struct value value;
    if (!find(map, key, &value)) {
        panic("request: missing field", key);
    }

    if (value.kind != kind) {
        panic("request: wrong type of field", key);
    }

    return value;
}

static void copy_value(struct out *out, struct value value) {
    put_raw(out, value.at, (size_t)(skip_value(value.at, value.end) - value.at));
}

static void text_field(struct out *out, const char *name, struct value value) {
    put_text(out, name);
    put_text_of(out, value.data, value.length);
}

// What a method makes of a call: a result, an error, a second text, a state, commands.
struct response {
    struct out payload;
    struct out error;
    struct out context;
    struct out state;
    struct out commands;
};

static void write_response(struct out *out, struct response *response) {
    uint32_t optional = (response->error.length > 0) + (response->context.length > 0) + (response->commands.length > 0);
    put_map(out, 3 + optional);
    put_text(out, "version");
    put_int(out, 1);
    put_text(out, "state");
#ifdef GO
    if (response->state.length == 0) { put_nil(out); } else
#endif
    put_bytes(out, response->state.data, response->state.length);
    put_text(out, "payload");
#ifdef GO
    if (response->payload.length == 0) { put_nil(out); } else
#endif
    put_bytes(out, response->payload.data, response->payload.length);
    if (response->error.length > 0) {
        put_text(out, "error");
        put_text_of(out, response->error.data, response->error.length);
    }

    if (response->context.length > 0) {
        put_text(out, "llm_context");
        put_text_of(out, response->context.data, response->context.length);
    }

    if (response->commands.length > 0) {
        put_text(out, "commands");
        put_raw(out, response->commands.data, response->commands.length);
    }
}

static volatile int64_t s_deep;

// Overflows the engine's stack, not the guest's own one: it keeps nothing in memory.
__attribute__((noinline)) static int64_t recurse(int64_t depth) {
    s_deep = depth;
    return depth < 0 ? 0 : recurse(depth + 1) + s_deep;
}

static void show_request(struct out *out, struct value request) {
    static const char *const texts[] = {"request_id", "trace_id", "session_id", "llm_session_id", "method", "skill_id", "caller_id"};
    put_map(out, 10);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        text_field(out, texts[i], need(request, texts[i], TEXT));
    }

    put_text(out, "version");
    put_int(out, need(request, "version", INT).number);
    put_text(out, "deadline_ns");
    put_int(out, need(request, "deadline_ns", INT).number);
    put_text(out, "fields");
    put_int(out, request.length);
}

static void show_memory(struct out *out, struct counts entry) {
    put_array(out, 6);
    put_int(out, entry.alive);
    put_int(out, entry.bytes);
    put_int(out, memory_counts.peak);
    put_int(out, entry.allocated);
    put_int(out, entry.freed);
    put_int(out, (int64_t)__builtin_wasm_memory_size(0));
}

// Many calls to the host, as the arguments say: {count, name, moving, and the arguments of the function itself}.
static void storm(struct response *response, struct value arguments, struct counts entry) {
    int64_t count = need(arguments, "count", INT).number;
    struct value name = need(arguments, "name", TEXT);
    struct value moving;
    memory_move(find(arguments, "moving", &moving) && moving.number != 0);
    struct out first = {0};
    for (int64_t i = 0; i < count; i++) {
        struct out text = {0};
        if (!call_function(name, arguments, &text, &response->error) || response->error.length > 0) {
            break;
        }

        if (i == 0) {
            first = text;
        } else {
            if (text.length != first.length || memcmp(text.data, first.data, text.length) != 0) {
                panic("storm", "answers of equal requests differ");
            }

            free(text.data);
        }
    }

    free(first.data);
    memory_move(false);
    show_memory(&response->payload, entry);
}

static bool is_event(struct value method) {
    return text_is(method, "on_event") || text_is(method, "on_private");
}

// The kinds of an event that Rust's library can decode, and its other fields.
static void check_event(struct value event) {
    static const char *const kinds[] = {"", "eof", "reset", "timeout", "tls", "io"};
    struct value kind;
    if (!find(event, "error_kind", &kind)) {
        return;
    }

    need(event, "conn_id", TEXT);
    bool known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        known |= text_is(kind, kinds[i]);
    }

    if (!known) {
        panic("event", "an unknown error_kind");
    }
}

static void call_named(struct response *response, const char *name, struct value arguments) {
    struct value text = {.kind = TEXT, .data = (const uint8_t *)name, .length = (uint32_t)strlen(name)};
    struct out answer = {0};
    if (response->error.length == 0 && !call_function(text, arguments, &answer, &response->error)) {
        panic("no such function", name);
    }

    free(answer.data);
}

// Ends its own connection from within its callback, after it has sent back what came. The fields of the event are those of the requests.
static void answer_and_close(struct response *response, struct value event) {
    struct value id = need(event, "conn_id", TEXT);
    bool is_web = id.length > 0 && id.data[0] == 'w';
    call_named(response, is_web ? "ws_send" : "tcp_write", event);
    call_named(response, is_web ? "ws_close" : "tcp_close", event);
}

static void run(struct response *response, struct value request, struct value arguments, struct counts entry) {
    struct value method = need(request, "method", TEXT);
    struct value argument;
    if (text_is(method, "echo")) {
        copy_value(&response->payload, need(arguments, "message", TEXT));
    } else if (text_is(method, "value")) {
        if (find(arguments, "value", &argument)) {
            copy_value(&response->payload, argument);
        }
    } else if (text_is(method, "numbers")) {
        argument = need(arguments, "value", BYTES);
        put_array(&response->payload, argument.length);
        for (uint32_t i = 0; i < argument.length; i++) {
            put_int(&response->payload, argument.data[i]);
        }
    } else if (text_is(method, "request")) {
        show_request(&response->payload, request);
    } else if (text_is(method, "memory")) {
        show_memory(&response->payload, entry);
    } else if (text_is(method, "storm")) {
        storm(response, arguments, entry);
    } else if (text_is(method, "state_get")) {
        argument = need(request, "state", BYTES);
        put_bytes(&response->payload, argument.data, argument.length);
    } else if (text_is(method, "state_set")) {
        argument = need(arguments, "value", BYTES);
        put_raw(&response->state, argument.data, argument.length);
        if (find(arguments, "fail", &argument)) {
            put_raw(&response->error, argument.data, argument.length);
        }
    } else if (text_is(method, "llm_context")) {
        argument = need(arguments, "text", TEXT);
        put_raw(&response->context, argument.data, argument.length);
        put_text(&response->payload, "result");
    } else if (text_is(method, "fail")) {
        argument = need(arguments, "message", TEXT);
        put_raw(&response->error, argument.data, argument.length);
    } else if (text_is(method, "panic")) {
        argument = need(arguments, "message", TEXT);
        char text[200];
        snprintf(text, sizeof text, "%.*s", (int)argument.length, (const char *)argument.data);
        panic("panicked", text);
    } else if (text_is(method, "overflow")) {
        put_int(&response->payload, recurse(0));
    } else if (text_is(method, "loop")) {
        for (volatile bool forever = true; forever;) {
        }
    } else if (text_is(method, "sleep")) {
        int64_t ms = need(arguments, "ms", INT).number;
        __wasi_subscription_t wait = {.u = {.tag = __WASI_EVENTTYPE_CLOCK, .u.clock = {__WASI_CLOCKID_MONOTONIC, (uint64_t)ms * 1000000, 1, 0}}};
        __wasi_event_t event;
        size_t events;
        if (__wasi_poll_oneoff(&wait, &event, 1, &events) != 0 || events != 1) {
            panic("poll_oneoff", "failed");
        }

        put_int(&response->payload, ms);
    } else if (text_is(method, "commands")) {
        copy_value(&response->commands, need(arguments, "commands", ARRAY));
        if (find(arguments, "fail", &argument)) {
            put_raw(&response->error, argument.data, argument.length);
        }
    } else if (text_is(method, "events")) {
        put_array(&response->payload, s_event_count);
        put_raw(&response->payload, s_events.data, s_events.length);
    } else if (is_event(method) || text_is(method, "on_close")) {
        check_event(arguments);
        copy_value(&s_events, arguments);
        s_event_count++;
        if (text_is(method, "on_close")) {
            answer_and_close(response, arguments);
        }
    } else if (text_is(method, "print")) {
        argument = need(arguments, "message", TEXT);
        printf("%.*s\n", (int)argument.length, (const char *)argument.data);
        fflush(stdout);
    } else {
        struct out text = {0};
        if (!call_function(method, arguments, &text, &response->error)) {
            put_raw(&response->error, "unknown method: ", 16);
            put_raw(&response->error, method.data, method.length);
        } else if (response->error.length == 0) {
            put_text_of(&response->payload, text.data, text.length);
        }

        free(text.data);
    }
}

static void release(struct response *response) {
    free(response->payload.data);
    free(response->error.data);
    free(response->context.data);
    free(response->state.data);
    free(response->commands.data);
}

EXPORT("skill_handle") uint64_t skill_handle(uint8_t *request, uint32_t length) {
    check_start();
    struct counts entry = memory_counts;
    memory_begin_call(request, length);

    // Copied first, as both libraries do: the host may use the block's memory as soon as it is called.
    uint8_t *copy = malloc(length);
    if (copy == NULL) {
        panic("out of memory", "request");
    }

    memcpy(copy, request, length);
    struct value map = read_value(copy, copy + length);
    if (map.kind != MAP || skip_value(copy, copy + length) != copy + length) {
        panic("request", "not exactly one map");
    }

    struct value payload = need(map, "payload", BYTES);
    need(map, "state", BYTES);
    if (need(map, "version", INT).number != 1) {
        panic("request", "an unknown version");
    }

    struct value arguments = {.kind = MAP, .end = copy};
    if (payload.length > 0) {
        arguments = read_value(payload.data, payload.data + payload.length);
    }

    struct response response = {0};
    if (arguments.kind == MAP) {
        run(&response, map, arguments, entry);
    } else {
        put_raw(&response.error, "invalid arguments", 17);
    }

    struct out message = {0};
    write_response(&message, &response);
    release(&response);
    free(copy);
    return memory_publish(&message);
}

// Methods that are not functions of the host: name, parameter, its type.
static const char *const s_methods[][3] = {
    {"echo", "message", "string"}, {"value", "value", "object"}, {"numbers", "value", "string"}, {"request", "", ""}, {"memory", "", ""},
    {"storm", "count", "integer"}, {"state_get", "", ""}, {"state_set", "value", "string"}, {"llm_context", "text", "string"},
    {"fail", "message", "string"}, {"panic", "message", "string"}, {"overflow", "", ""}, {"loop", "", ""}, {"sleep", "ms", "integer"},
    {"commands", "commands", "array"}, {"events", "", ""}, {"on_event", "", ""}, {"on_private", "", ""}, {"print", "message", "string"},
    {"on_close", "", ""},
};

EXPORT("skill_describe") uint64_t skill_describe(void) {
    check_start();
    if (*s_start_fault != 0) {
        panic("the sandbox has", s_start_fault);
    }

    const uint32_t methods = sizeof s_methods / sizeof *s_methods;
    struct out out = {0};
    put_map(&out, 6);
    put_text(&out, "methods");
    put_array(&out, methods + count_functions());
    for (uint32_t i = 0; i < methods; i++) {
        bool hidden = strcmp(s_methods[i][0], "on_event") == 0;
        bool private = strcmp(s_methods[i][0], "on_private") == 0;
        bool parameter = *s_methods[i][1] != 0;
        put_map(&out, 2 + parameter + hidden + private * 2);
        put_text(&out, "name");
        put_text(&out, s_methods[i][0]);
        put_text(&out, "description");
        put_text(&out, "For the conformance tests.");
        if (parameter) {
            bool list = strcmp(s_methods[i][2], "array") == 0;
            put_text(&out, "params");
            put_array(&out, 1);
            put_map(&out, 3 + list);
            put_text(&out, "required");
            put_bool(&out, true);
            put_text(&out, "name");
            put_text(&out, s_methods[i][1]);
            put_text(&out, "type");
            put_text(&out, s_methods[i][2]);
            if (list) {
                put_text(&out, "items");
                put_map(&out, 2);
                put_text(&out, "name");
                put_text(&out, "");
                put_text(&out, "type");
                put_text(&out, "object");
            }
        }

        if (hidden || private) {
            put_text(&out, "mcp_hidden");
            put_bool(&out, true);
        }

        if (private) {
            put_text(&out, "private_callback");
            put_bool(&out, true);
        }
    }

    describe_functions(&out);
    put_text(&out, "version");
    put_int(&out, 1);
    put_text(&out, "sdk_version");
    put_u32(&out, 512);
    put_text(&out, "skill_id");
#ifdef GO
    put_text(&out, "test.conformance.go");
#else
    put_text(&out, "test.conformance.rust");
#endif
    put_text(&out, "skill_name");
    put_text(&out, "Conformance");
    put_text(&out, "skill_version");
    put_text(&out, "1.0.0");
    return memory_publish(&out);
}
