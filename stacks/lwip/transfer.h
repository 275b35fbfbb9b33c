// send and recv under way.
#pragma once

#include <stdbool.h>

#include "say.h"
#include "sockets.h"

// Each goes on as far as it can; lwIP may be in the middle of something. They do nothing without
// such a call.
void transfer_send(struct socket* socket);
void transfer_receive(struct socket* socket);

// Whether the call is done, and with what.
bool transfer_send_done(struct socket* socket, struct answer* answer);
bool transfer_receive_done(struct socket* socket, struct answer* answer);

// Adds what was done until now to the answer.
void transfer_add_sent(const struct socket* socket, struct answer* answer);
void transfer_add_received(const struct socket* socket, struct answer* answer, bool end);
