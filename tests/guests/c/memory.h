// The memory that the host asks for, with the rules of the published guest libraries turned into panics.
#ifndef MEMORY_H
#define MEMORY_H

#include "msgpack.h"

// What the host holds.
struct counts {
    uint32_t alive;
    uint32_t bytes;
    uint32_t peak;
    uint32_t allocated;
    uint32_t freed;
};

extern struct counts memory_counts;

// Begins a call whose request lies in the newest block; ends it with the response.
void memory_begin_call(const uint8_t *request, uint32_t length);
uint64_t memory_publish(struct out *message);

// A call to the host: sends a request and returns the answer, which stays good until the call ends.
struct value memory_call(uint64_t (*host)(const uint8_t *, uint32_t), struct out *request);

// From now on every allocation during a host call grows the memory and lies in its newest page.
void memory_move(bool on);

#endif
