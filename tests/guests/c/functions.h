#ifndef FUNCTIONS_H
#define FUNCTIONS_H

#include "msgpack.h"

// Calls a function of the host by name; its answer goes to `text` as JSON, a refusal to `error`. False for an unknown name.
bool call_function(struct value name, struct value arguments, struct out *text, struct out *error);

// Writes a method of the descriptor for each function.
void describe_functions(struct out *out);
uint32_t count_functions(void);

#endif
