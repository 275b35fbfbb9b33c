#include "stream.h"

static uint64_t splitmix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

void stream_fill(uint64_t seed, uint64_t offset, uint8_t* out, size_t length) {
  uint64_t word = splitmix64(seed + offset / 8) >> (8 * (offset % 8));
  for (size_t i = 0; i < length; i++) {
    out[i] = (uint8_t)word;
    word = ++offset % 8 == 0 ? splitmix64(seed + offset / 8) : word >> 8;
  }
}

size_t stream_match(uint64_t seed, uint64_t offset, const uint8_t* bytes, size_t length) {
  uint64_t word = splitmix64(seed + offset / 8) >> (8 * (offset % 8));
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] != (uint8_t)word) return i;
    word = ++offset % 8 == 0 ? splitmix64(seed + offset / 8) : word >> 8;
  }
  return length;
}
