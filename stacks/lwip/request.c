#include "request.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "sockets.h"

void request_refuse(struct request* request, const char* key, const char* wanted) {
  if (request->is_refused) return;
  request->is_refused = true;
  request->refusal = refused("EINVAL", "%s must be %s", key, wanted);
}

bool request_has(const struct request* request, const char* key) {
  return json_member(request->object, key) != NULL;
}

static void require(struct request* request, const char* key) {
  if (request_has(request, key) || request->is_refused) return;
  request->is_refused = true;
  request->refusal = refused("EINVAL", "%s is missing", key);
}

const char* request_text(struct request* request, const char* key) {
  const struct json* const value = json_member(request->object, key);
  if (value == NULL) return NULL;
  if (value->type == JSON_STRING && strlen(value->text) == value->length) return value->text;
  request_refuse(request, key, "a string");
  return NULL;
}

int64_t request_integer(struct request* request, const char* key, int64_t least, int64_t most,
                        int64_t otherwise) {
  const struct json* const value = json_member(request->object, key);
  if (value == NULL) return otherwise;
  if (value->type == JSON_INTEGER && value->magnitude <= INT64_MAX) {
    const int64_t size = (int64_t)value->magnitude;
    const int64_t number = value->negative ? -size : size;
    if (number >= least && number <= most) return number;
  }
  char wanted[80];
  snprintf(wanted, sizeof wanted, "an integer from %lld to %lld", (long long)least,
           (long long)most);
  request_refuse(request, key, wanted);
  return least;
}

const char* request_need_text(struct request* request, const char* key) {
  require(request, key);
  const char* const text = request_text(request, key);
  return text != NULL ? text : "";
}

int64_t request_need_integer(struct request* request, const char* key, int64_t least,
                             int64_t most) {
  require(request, key);
  return request_integer(request, key, least, most, least);
}

const char* request_need_name(struct request* request, const char* key) {
  const char* const name = request_need_text(request, key);
  const size_t length = strlen(name);
  if (length > 0 && length <= MAX_NAME) return name;
  request_refuse(request, key, "a name of 1 to 64 bytes");
  return "";
}

uint64_t request_need_seed(struct request* request) {
  const struct json* const value = json_member(request->object, "seed");
  require(request, "seed");
  if (value != NULL && value->type == JSON_INTEGER && !value->negative) return value->magnitude;
  request_refuse(request, "seed", "an unsigned integer");
  return 0;
}

ip_addr_t request_address(struct request* request, const char* key, bool v6) {
  const char* const text = request_text(request, key);
  ip_addr_t address = *address_any(v6);
  if (text != NULL && text[0] != '\0' &&
      (!address_read(text, &address) || (bool)IP_IS_V6_VAL(address) != v6)) {
    request_refuse(request, key, "a numeric one of the family");
  }
  return address;
}

const struct json* request_options(struct request* request) {
  const struct json* const options = json_member(request->object, "options");
  if (options == NULL || options->type == JSON_OBJECT) return options;
  request_refuse(request, "options", "an object");
  return NULL;
}

bool request_need_family(struct request* request) {
  const char* const family = request_text(request, "family");
  const char* const address = request_text(request, "address");
  if (family != NULL) {
    const bool v6 = strcmp(family, "ipv6") == 0;
    if (!v6 && strcmp(family, "ipv4") != 0) request_refuse(request, "family", "ipv4 or ipv6");
    return v6;
  }
  ip_addr_t read;
  if (address != NULL && address_read(address, &read)) return IP_IS_V6_VAL(read);
  require(request, "family");
  return false;
}
