// The calls of docs/driver-protocol.md.
#pragma once

#include "json.h"
#include "say.h"

// Makes one call: says its answer, or that it has started.
void calls_make(uint64_t id, const struct json* object);

// Answers the calls whose outcome is known by now. After everything that lwIP did.
void calls_settle(void);
