// The content that is sent and expected: a pure function of a seed and an offset.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Fills `out` with the stream's bytes from `offset` on.
void stream_fill(uint64_t seed, uint64_t offset, uint8_t* out, size_t length);

// How many of the first bytes are those of the stream from `offset` on.
size_t stream_match(uint64_t seed, uint64_t offset, const uint8_t* bytes, size_t length);
