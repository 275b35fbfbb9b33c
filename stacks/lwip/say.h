// What the driver says, a line each: docs/driver-protocol.md.
#pragma once

#include <lwip/ip_addr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a call comes to. At most one of `error` and `unsupported` is set; both are string literals.
// Stamps of 0: no call was made, the reply is stamped when it is written.
struct answer {
  const char* error;  // errno's name
  const char* unsupported;
  char message[160];  // with `unsupported`: what follows it, as in "option TCP_CORK"
  char result[320];   // the members of the result, as JSON without braces
  int64_t began, ended;
};

// CLOCK_MONOTONIC, nanoseconds.
int64_t now(void);

bool ok(const struct answer* answer);
struct answer refused(const char* error, const char* format, ...)
    __attribute__((format(printf, 2, 3)));
struct answer unsupported(const char* why, const char* what);
// Adds a member to the result.
void add_number(struct answer* answer, const char* key, int64_t value);
void add_bool(struct answer* answer, const char* key, bool value);
// Adds "<end>_address" and "<end>_port".
void add_end(struct answer* answer, const char* end, const ip_addr_t* address, uint16_t port);

// Standard output becomes the driver's alone: what lwIP prints, the words of a failed assertion,
// goes to standard error from now on.
void say_prepare(void);
void say_hello(void);
void say_started(uint64_t id);
void say_reply(uint64_t id, const struct answer* answer);
void say_state(const ip_addr_t* local, uint16_t local_port, const ip_addr_t* peer,
               uint16_t peer_port, const char* state);
// The event `error`: a line was no request. `line` is quoted as far as it is short.
void say_error(const char* what, const char* line, size_t length);
