// The driver protocol, version 1, as numbers and names: what both sides of the pipe must agree on.
// docs/driver-protocol.md is the contract. A stack's driver may use this header and nothing else of
// the harness.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace faultline::protocol {

inline constexpr int version = 1;

// A line, its newline not counted, in either direction. Longer ones are refused.
inline constexpr size_t max_line = 65536;
// A socket's name, in bytes; at least one.
inline constexpr size_t max_name = 64;
// A stream's offset and a call's byte count: what every JSON reader can hold exactly.
inline constexpr uint64_t max_integer = uint64_t{1} << 53;

// The `call` of a request.
inline constexpr std::array<std::string_view, 14> calls{
    "socket",   "bind",  "listen", "accept",     "connect",    "send",  "recv",
    "shutdown", "close", "abort",  "setsockopt", "getsockopt", "state", "exit",
};

// Of a stack that is attached by a TUN or TAP device.
inline constexpr int device = 3;  // the descriptor

// The options of setsockopt, getsockopt and an `options` member. Times are in the unit of the Linux
// manual (tcp(7)): TCP_USER_TIMEOUT milliseconds, the others seconds. SO_LINGER: seconds, -1 is
// off.
inline constexpr std::array<std::string_view, 18> options{
    "TCP_USER_TIMEOUT", "TCP_SYNCNT",   "TCP_LINGER2",
    "SO_KEEPALIVE",     "TCP_KEEPIDLE", "TCP_KEEPINTVL",
    "TCP_KEEPCNT",      "TCP_NODELAY",  "TCP_CORK",
    "TCP_DEFER_ACCEPT", "TCP_MAXSEG",   "TCP_QUICKACK",
    "SO_LINGER",        "SO_SNDBUF",    "SO_RCVBUF",
    "SO_REUSEADDR",     "TCP_FASTOPEN", "TCP_FASTOPEN_CONNECT",
};

// splitmix64's output function (Steele, Lea, Flood: "Fast splittable pseudorandom number
// generators", 2014), after one step from state `x`.
[[nodiscard]] constexpr uint64_t splitmix64(uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Byte `offset` of stream `seed`: byte offset % 8, lowest first, of splitmix64(seed + offset / 8),
// sums modulo 2^64.
[[nodiscard]] constexpr std::byte stream_byte(uint64_t seed, uint64_t offset) {
  return static_cast<std::byte>(splitmix64(seed + offset / 8) >> (8 * (offset % 8)));
}

// Fills `out` with the stream's bytes from `offset` on.
constexpr void fill_stream(uint64_t seed, uint64_t offset, std::span<std::byte> out) {
  uint64_t word = splitmix64(seed + offset / 8) >> (8 * (offset % 8));
  for (std::byte& byte : out) {
    byte = static_cast<std::byte>(word);
    word = ++offset % 8 == 0 ? splitmix64(seed + offset / 8) : word >> 8;
  }
}

}  // namespace faultline::protocol
