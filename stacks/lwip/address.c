#include "address.h"

#include <arpa/inet.h>
#include <string.h>

bool address_read(const char* text, ip_addr_t* address) {
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, text, &ip_2_ip4(address)->addr) == 1) {
    IP_SET_TYPE(address, IPADDR_TYPE_V4);
    return true;
  }
  IP_SET_TYPE(address, IPADDR_TYPE_V6);
  return inet_pton(AF_INET6, text, ip_2_ip6(address)->addr) == 1;
}

void address_text(const ip_addr_t* address, char* text) {
  if (IP_IS_V6(address)) {
    inet_ntop(AF_INET6, ip_2_ip6(address)->addr, text, ADDRESS_LENGTH);
  } else {
    inet_ntop(AF_INET, &ip_2_ip4(address)->addr, text, ADDRESS_LENGTH);
  }
}

const ip_addr_t* address_any(bool v6) {
  return v6 ? IP6_ADDR_ANY : IP4_ADDR_ANY;
}
