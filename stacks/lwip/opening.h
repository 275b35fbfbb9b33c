// The calls that make sockets and connections.
#pragma once

#include "request.h"
#include "say.h"
#include "sockets.h"

struct answer call_socket(struct request* request);
struct answer call_bind(struct request* request);
struct answer call_listen(struct request* request);
// These may wait: `waits` then says so, and the answer comes later.
struct answer call_connect(struct request* request, uint64_t id, bool* waits);
struct answer call_accept(struct request* request, uint64_t id, bool* waits);

// Whether the call is done, and with what.
bool connect_done(struct socket* socket, struct answer* answer);
bool accept_done(struct socket* listener, struct answer* answer);
