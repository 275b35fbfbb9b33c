// Socket options, as far as lwIP has a like of them.
#pragma once

#include "json.h"
#include "request.h"
#include "say.h"
#include "sockets.h"

struct answer option_set(struct socket* socket, const char* name, int64_t value);
// `field`: of TCP_INFO, else NULL.
struct answer option_get(const struct socket* socket, const char* name, const char* field);

// All of a request's options; the first that fails makes the answer.
struct answer options_set(struct socket* socket, const struct json* options);
