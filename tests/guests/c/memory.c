#include "memory.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

enum { LIVE = 0x11feb10c, LIVE_MOVED = 0x11feb10d, FREED = 0x0eadb10c, EARLY = 8 * 1024 * 1024, PAGE = 65536 };

// Before each block stand its whole size and a mark, as in Rust's library; what is behind it is marked too.
struct head {
    uint32_t total;
    uint32_t mark;
};

struct counts memory_counts;

static struct out s_result;        // the bytes of the current result
static bool s_result_is_out;       // the host holds it
static const uint8_t *s_newest;    // the block that was given out last
static const uint8_t *s_request;   // the block of the running call
static struct out *s_outgoing;     // the request to the host that is on its way
static const uint8_t *s_answer;    // the last answer of the host
static bool s_running;
static bool s_moves;
static bool s_releases;            // the host gives old answers back
static uint32_t s_answer_bytes;    // bytes of answers that the host has not given back in this call

static struct head *head_of(const uint8_t *block) {
    return (struct head *)(block - sizeof(struct head));
}

static bool is_live(const uint8_t *block) {
    return head_of(block)->mark == LIVE || head_of(block)->mark == LIVE_MOVED;
}

static void check_result_is_in(const char *doing) {
    if (s_result_is_out) {
        panic("the last result was not given back first", doing);
    }
}

EXPORT("skill_alloc") uint8_t *skill_alloc(uint32_t size) {
    check_result_is_in("skill_alloc");
#ifdef GO
    // The collector may run here: the request is no longer referenced and may be gone.
    if (s_outgoing != NULL) {
        memset(s_outgoing->data, 0xdd, s_outgoing->capacity);
    }
#else
    if (size == 0) {
        return NULL;
    }
#endif
    s_releases = false;
    uint32_t total = size + (uint32_t)sizeof(struct head) + 4;
    uint8_t *block;
    bool moves = s_moves && s_outgoing != NULL;
    if (moves) {
        uint32_t pages = (total + PAGE - 1) / PAGE;
        size_t before = __builtin_wasm_memory_grow(0, pages);
        block = before == SIZE_MAX ? NULL : (uint8_t *)((before + pages) * PAGE - ((total + 7) & ~7u));
    } else {
        block = malloc(total);
    }

    if (block == NULL) {
        return NULL;
    }

    block += sizeof(struct head);
    memset(block, 0xcc, size);
    *head_of(block) = (struct head){total, moves ? LIVE_MOVED : LIVE};
    memcpy(block + size, "\x11\xfe\xb1\x0c", 4);
    memory_counts.alive++;
    memory_counts.allocated++;
    memory_counts.bytes += size;
    if (memory_counts.bytes > memory_counts.peak) {
        memory_counts.peak = memory_counts.bytes;
    }

    if (s_running) {
        s_answer_bytes += size;
    }

    s_newest = block;
    return block;
}

EXPORT("skill_free") void skill_free(uint8_t *block) {
    if (block == NULL) {
        return;
    }

    if (s_result_is_out) {
        if (block != s_result.data) {
            panic("skill_free", "a block before the result");
        }

        // Really freed, as a stale pointer would find it.
        free(s_result.data);
        s_result = (struct out){0};
        s_result_is_out = false;
        return;
    }

    struct head *head = head_of(block);
    if (head->mark == FREED) {
        panic("skill_free", "double free");
    }

    if (!is_live(block)) {
        panic("skill_free", "not a block of skill_alloc");
    }

    bool is_ours = head->mark == LIVE;
    uint32_t size = head->total - (uint32_t)sizeof(struct head) - 4;
    if (memcmp(block + size, "\x11\xfe\xb1\x0c", 4) != 0) {
        panic("skill_free", "the host wrote behind a block");
    }

    if (s_running && (block == s_request || block == s_answer)) {
        panic("skill_free", "a block that is in use");
    }

    if (s_running && !s_releases && s_answer_bytes <= EARLY) {
        panic("skill_free", "an answer given back before it had to be");
    }

    s_releases = s_running;
    if (!s_running && block == s_request && memory_counts.alive > 1) {
        panic("skill_free", "the request before the answers");
    }

    // Freed memory stays readable as garbage, so that a second free and a late read are seen.
    head->mark = FREED;
    memset(block, 0xdd, size);
    memory_counts.alive--;
    memory_counts.freed++;
    memory_counts.bytes -= size;
    if (s_running) {
        s_answer_bytes -= size < s_answer_bytes ? size : s_answer_bytes;
    }

    if (!is_ours) {
        return;
    }

    // The mark must outlive the block for a while: of small blocks, the oldest of a row is really freed.
    static uint8_t *s_row[64];
    static unsigned s_next;
    uint8_t *oldest = size > PAGE ? block : s_row[s_next];
    if (oldest != block) {
        s_row[s_next] = block;
        s_next = (s_next + 1) % 64;
    }

    if (oldest != NULL) {
        free(oldest - sizeof(struct head));
    }
}

void memory_begin_call(const uint8_t *request, uint32_t length) {
    check_result_is_in("skill_handle");
    if (s_running) {
        panic("skill_handle", "called while it runs");
    }

    if (request != s_newest) {
        panic("skill_handle", "the request is not in the newest block");
    }

    if (!is_live(request) || head_of(request)->total != length + sizeof(struct head) + 4) {
        panic("skill_handle", "the block does not have the length of the request");
    }

    s_request = request;
    s_answer = NULL;
    s_running = true;
    s_answer_bytes = 0;
    memory_counts.peak = memory_counts.bytes;
}

uint64_t memory_publish(struct out *message) {
    check_result_is_in("publish");
    s_running = false;
    free(s_result.data);
    s_result = *message;
    *message = (struct out){0};
    s_result_is_out = true;
    return (uint64_t)(size_t)s_result.data << 32 | s_result.length;
}

struct value memory_call(uint64_t (*host)(const uint8_t *, uint32_t), struct out *request) {
    s_outgoing = request;
    uint64_t packed = host(request->data, (uint32_t)request->length);
    s_outgoing = NULL;
    const uint8_t *answer = (const uint8_t *)(size_t)(packed >> 32);
    uint32_t length = (uint32_t)packed;
    if (length == 0) {
        panic("decode", "EOF");
    }

    if (answer != s_newest || !is_live(answer) || head_of(answer)->total < length + sizeof(struct head) + 4) {
        panic("a host function", "its answer is not in the newest block");
    }

    if (s_answer != NULL && !is_live(s_answer)) {
        panic("a host function", "the answer before was given back too early");
    }

    s_answer = answer;
    if (skip_value(answer, answer + length) != answer + length) {
        panic("decode", "bytes behind the answer");
    }

    return read_value(answer, answer + length);
}

void memory_move(bool on) {
    s_moves = on;
}
