// The states of all connections, told as they change: what lwIP's own lists of connections say.
#pragma once

#include <lwip/tcp.h>

// Compares each connection's state with what was told of it before, and tells what is new. Costs
// nothing worth naming; called wherever a state may have changed.
void states_look(void);

// As Linux numbers them (include/net/tcp_states.h), which TCP_INFO wants.
int state_number(enum tcp_state state);
