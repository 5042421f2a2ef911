// nanosleep, beside what C itself has.
#define _POSIX_C_SOURCE 200809L

// The guest of the chaos suite: each run of a method leaves one file of its own in the journal, named after the call's id, before it does
// anything else. Two files with one id mean that the call ran twice.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wasi/api.h>

#include "memory.h"
#include "msgpack.h"

#define EXPORT(name) __attribute__((export_name(name)))
#define HOST(name) \
    __attribute__((import_module("env"), import_name(#name))) uint64_t host_##name(const uint8_t *request, uint32_t length);
HOST(cluster_node_list) HOST(env_get) HOST(fs_create) HOST(fs_write) HOST(shell_exec)

enum { TICK_MS = 50, MAX_ID = 64, MAX_PATH = 1024 };

_Noreturn void panic(const char *text, const char *detail) {
    fprintf(stderr, "%s: %s\n", text, detail);
    __builtin_trap();
}

static struct value need(struct value map, const char *key, enum kind kind) {
    struct value value;
    if (!find(map, key, &value) || value.kind != kind) {
        panic("missing or of the wrong type", key);
    }

    return value;
}

// Panics when the host refuses: a call without its trace in the journal must not look like a success.
static struct value ask(uint64_t (*host)(const uint8_t *, uint32_t), struct out *request, const char *what) {
    struct value answer = memory_call(host, request);
    struct value why;
    if (answer.kind == MAP && find(answer, "error", &why) && why.length > 0) {
        char text[256];
        snprintf(text, sizeof text, "%.*s", (int)why.length, (const char *)why.data);
        panic(what, text);
    }

    return answer;
}

static const char *journal(void) {
    static char s_folder[MAX_PATH];
    if (*s_folder == 0) {
        struct out request = {0};
        put_map(&request, 1);
        put_text(&request, "key");
        put_text(&request, "JOURNAL");
        struct value folder = need(ask(host_env_get, &request, "env_get"), "value", TEXT);
        free(request.data);
        if (folder.length == 0 || folder.length > MAX_PATH - 2 * MAX_ID) {
            panic("env_get", "JOURNAL");
        }

        memcpy(s_folder, folder.data, folder.length);
    }

    return s_folder;
}

static void write_file(uint64_t (*host)(const uint8_t *, uint32_t), const char *name, const char *what) {
    char path[MAX_PATH];
    snprintf(path, sizeof path, "%s/%s", journal(), name);
    struct out request = {0};
    put_map(&request, 2);
    put_text(&request, "path");
    put_text(&request, path);
    put_text(&request, "content");
    put_bytes(&request, NULL, 0);
    ask(host, &request, what);
    free(request.data);
}

static void leave_trace(struct value id) {
    uint64_t random;
    if (__wasi_random_get((uint8_t *)&random, sizeof random) != 0) {
        panic("random_get", "refused");
    }

    char name[MAX_ID + 32];
    snprintf(name, sizeof name, "%.*s.%016llx", (int)id.length, (const char *)id.data, (unsigned long long)random);
    write_file(host_fs_create, name, "fs_create");
}

static void wait_for(int64_t ms) {
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

// Works for a while and writes a file again and again: its age tells when the work ended.
static void work(struct value id, int64_t ms) {
    char name[MAX_ID + 8];
    snprintf(name, sizeof name, "tick.%.*s", (int)id.length, (const char *)id.data);
    for (int64_t done = 0; done < ms; done += TICK_MS) {
        write_file(host_fs_write, name, "fs_write");
        wait_for(TICK_MS);
    }
}

// The node's own copy of the registry, as the host gives it.
static void show_registry(struct out *payload) {
    struct out request = {0};
    put_map(&request, 0);
    struct value answer = ask(host_cluster_node_list, &request, "cluster_node_list");
    put_raw(payload, answer.at, (size_t)(skip_value(answer.at, answer.end) - answer.at));
    free(request.data);
}

// Runs a program in the journal and waits for its end.
static void shell(struct value command) {
    struct out request = {0};
    put_map(&request, 3);
    put_text(&request, "command");
    put_text_of(&request, command.data, command.length);
    put_text(&request, "workdir");
    put_text(&request, journal());
    put_text(&request, "timeout_ms");
    put_int(&request, 60000);
    ask(host_shell_exec, &request, "shell_exec");
    free(request.data);
}

static void run(struct out *payload, struct value method, struct value arguments) {
    struct value id = need(arguments, "id", TEXT);
    if (id.length == 0 || id.length > MAX_ID) {
        panic("id", "its length");
    }

    leave_trace(id);
    struct value answer = id;
    if (text_is(method, "append_slow")) {
        wait_for(need(arguments, "ms", INT).number);
    } else if (text_is(method, "work")) {
        work(id, need(arguments, "ms", INT).number);
    } else if (text_is(method, "shell")) {
        shell(need(arguments, "command", TEXT));
    } else if (text_is(method, "big")) {
        answer = need(arguments, "data", TEXT);
    } else if (text_is(method, "registry")) {
        show_registry(payload);
        return;
    } else if (!text_is(method, "append")) {
        panic("no such method", "");
    }

    put_text_of(payload, answer.data, answer.length);
}

EXPORT("skill_handle") uint64_t skill_handle(uint8_t *request, uint32_t length) {
    memory_begin_call(request, length);
    struct value message = read_value(request, request + length);
    struct value payload = need(message, "payload", BYTES);
    struct out result = {0};
    run(&result, need(message, "method", TEXT), read_value(payload.data, payload.data + payload.length));

    struct out out = {0};
    put_map(&out, 3);
    put_text(&out, "version");
    put_int(&out, 1);
    put_text(&out, "state");
    put_bytes(&out, NULL, 0);
    put_text(&out, "payload");
    put_bytes(&out, result.data, result.length);
    free(result.data);
    return memory_publish(&out);
}

static void describe_parameter(struct out *out, const char *name, const char *type) {
    put_map(out, 3);
    put_text(out, "name");
    put_text(out, name);
    put_text(out, "type");
    put_text(out, type);
    put_text(out, "required");
    put_bool(out, true);
}

EXPORT("skill_describe") uint64_t skill_describe(void) {
    static const char *const methods[][3] = {
        {"append", "", ""}, {"append_slow", "ms", "integer"}, {"work", "ms", "integer"}, {"big", "data", "string"}, {"registry", "", ""},
        {"shell", "command", "string"}};
    const uint32_t count = sizeof methods / sizeof *methods;
    struct out out = {0};
    put_map(&out, 6);
    put_text(&out, "methods");
    put_array(&out, count);
    for (uint32_t i = 0; i < count; i++) {
        bool two = *methods[i][1] != 0;
        put_map(&out, 3);
        put_text(&out, "name");
        put_text(&out, methods[i][0]);
        put_text(&out, "description");
        put_text(&out, "Leaves a trace of the call.");
        put_text(&out, "params");
        put_array(&out, 1 + two);
        describe_parameter(&out, "id", "string");
        if (two) {
            describe_parameter(&out, methods[i][1], methods[i][2]);
        }
    }

    put_text(&out, "version");
    put_int(&out, 1);
    put_text(&out, "sdk_version");
    put_u32(&out, 512);
    put_text(&out, "skill_id");
    put_text(&out, "test.chaos");
    put_text(&out, "skill_name");
    put_text(&out, "Chaos");
    put_text(&out, "skill_version");
    put_text(&out, "1.0.0");
    return memory_publish(&out);
}
