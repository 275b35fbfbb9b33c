// lwIP's one network interface: Ethernet frames on the descriptor that the environment names.
#pragma once

#include <stdbool.h>

// Starts lwIP and its interface, as FAULTLINE_DEVICE, FAULTLINE_MTU, FAULTLINE_ADDRESSES,
// FAULTLINE_GATEWAYS, FAULTLINE_MAC and FAULTLINE_GATEWAY_MAC say. Ends the program, with a word on
// its standard error, where they cannot be used.
void device_start(void);

int device_fd(void);

// Gives lwIP one frame; false when none is waiting.
bool device_input(void);
