// Addresses as text.
#pragma once

#include <lwip/ip_addr.h>
#include <stdbool.h>

enum { ADDRESS_LENGTH = 46 };

// Reads a numeric address; false where it is none. Its family is that of the result's type.
bool address_read(const char* text, ip_addr_t* address);
// Writes an address as inet_ntop() does, into ADDRESS_LENGTH bytes.
void address_text(const ip_addr_t* address, char* text);
// The address that stands for every one of a family.
const ip_addr_t* address_any(bool v6);
