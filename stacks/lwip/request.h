// The parameters of one request, read strictly: the first one that is wrong makes the refusal.
#pragma once

#include <lwip/ip_addr.h>
#include <stdbool.h>
#include <stdint.h>

#include "json.h"
#include "say.h"

#define MAX_INTEGER ((int64_t)1 << 53)

struct request {
  const struct json* object;
  bool is_refused;
  struct answer refusal;
};

// Each returns something harmless after a refusal. `need_…`: absence is one, too.
const char* request_text(struct request* request, const char* key);  // NULL: not there
int64_t request_integer(struct request* request, const char* key, int64_t least, int64_t most,
                        int64_t otherwise);
const char* request_need_text(struct request* request, const char* key);
int64_t request_need_integer(struct request* request, const char* key, int64_t least, int64_t most);
// A socket's name: 1 to 64 bytes.
const char* request_need_name(struct request* request, const char* key);
// The stream's seed: any unsigned 64-bit number.
uint64_t request_need_seed(struct request* request);
// The address that `key` names, or the one that stands for all where it is absent.
ip_addr_t request_address(struct request* request, const char* key, bool v6);
// The options, or NULL.
const struct json* request_options(struct request* request);
// Whether the family is IPv6, as `family` or else `address` says.
bool request_need_family(struct request* request);

bool request_has(const struct request* request, const char* key);
void request_refuse(struct request* request, const char* key, const char* wanted);
