#include "device.h"

#include <errno.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/igmp.h>
#include <lwip/mem.h>
#include <lwip/memp.h>
#include <lwip/nd6.h>
#include <lwip/netif.h>
#include <lwip/priv/nd6_priv.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/iana.h>
#include <lwip/sys.h>
#include <lwip/tcpip.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>
#include <netif/ethernet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "address.h"
#include "states.h"

enum { MAX_FRAME = 65536 };

static struct netif interface;
static int fd;
static struct eth_addr gateway_mac;
static uint8_t frame[MAX_FRAME];

__attribute__((noreturn)) static void give_up(const char* what) {
  fprintf(stderr, "faultline-driver-lwip: %s\n", what);
  exit(1);
}

static const char* need(const char* variable) {
  const char* const value = getenv(variable);
  if (value == NULL) give_up(variable);
  return value;
}

// A segment leaves: what led to it is told before.
static err_t send_frame(struct netif* netif, struct pbuf* p) {
  LWIP_UNUSED_ARG(netif);
  states_look();
  const uint16_t length = pbuf_copy_partial(p, frame, p->tot_len, 0);
  return write(fd, frame, length) == length ? ERR_OK : ERR_IF;
}

static void read_mac(const char* variable, uint8_t* mac) {
  const char* const text = need(variable);
  if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4],
             &mac[5]) != 6) {
    give_up(variable);
  }
}

static err_t make_interface(struct netif* netif) {
  netif->name[0] = 'f';
  netif->name[1] = 'l';
  netif->output = etharp_output;
  netif->output_ip6 = ethip6_output;
  netif->linkoutput = send_frame;
  netif->mtu = (uint16_t)atoi(need("FAULTLINE_MTU"));
  netif->hwaddr_len = ETH_HWADDR_LEN;
  read_mac("FAULTLINE_MAC", netif->hwaddr);
  return ERR_OK;
}

// Calls `use` for each word of a list of addresses, without the prefix's length.
static void each_address(const char* variable, void (*use)(const ip_addr_t*, int prefix)) {
  char list[512];
  snprintf(list, sizeof list, "%s", need(variable));
  for (char* word = strtok(list, " "); word != NULL; word = strtok(NULL, " ")) {
    char* const slash = strchr(word, '/');
    if (slash != NULL) *slash = '\0';
    ip_addr_t address;
    if (!address_read(word, &address)) give_up(variable);
    use(&address, slash != NULL ? atoi(slash + 1) : 0);
  }
}

// Its own from the start: nobody else is asked whether he has an IPv6 address already.
static void add_own(const ip_addr_t* address, int prefix) {
  if (IP_IS_V6(address)) {
    s8_t index = -1;
    if (netif_add_ip6_address(&interface, ip_2_ip6(address), &index) != ERR_OK || index < 0) {
      give_up("too many IPv6 addresses");
    }
    netif_ip6_addr_set_state(&interface, index, IP6_ADDR_PREFERRED);
    return;
  }
  const ip4_addr_t mask = {prefix == 0 ? 0 : lwip_htonl(0xffffffff << (32 - prefix))};
  netif_set_addr(&interface, ip_2_ip4(address), &mask, NULL);
}

// The gateway's answer to a question that was not asked: lwIP has no other way to name a
// neighbour's Ethernet address, as its option for static entries is off.
static void pretend_arp_reply(const ip4_addr_t* gateway) {
  struct pbuf* const p = pbuf_alloc(PBUF_RAW, SIZEOF_ETH_HDR + SIZEOF_ETHARP_HDR, PBUF_POOL);
  struct eth_hdr* const ethernet = p->payload;
  struct etharp_hdr* const arp = (struct etharp_hdr*)((uint8_t*)p->payload + SIZEOF_ETH_HDR);
  memcpy(&ethernet->dest, interface.hwaddr, ETH_HWADDR_LEN);
  ethernet->src = gateway_mac;
  ethernet->type = PP_HTONS(ETHTYPE_ARP);
  arp->hwtype = PP_HTONS(LWIP_IANA_HWTYPE_ETHERNET);
  arp->proto = PP_HTONS(ETHTYPE_IP);
  arp->hwlen = ETH_HWADDR_LEN;
  arp->protolen = sizeof(ip4_addr_t);
  arp->opcode = PP_HTONS(ARP_REPLY);
  arp->shwaddr = gateway_mac;
  memcpy(&arp->sipaddr, gateway, sizeof *gateway);
  memcpy(&arp->dhwaddr, interface.hwaddr, ETH_HWADDR_LEN);
  memcpy(&arp->dipaddr, netif_ip4_addr(&interface), sizeof(ip4_addr_t));
  interface.input(p, &interface);
}

static void add_gateway(const ip_addr_t* gateway, int prefix) {
  LWIP_UNUSED_ARG(prefix);
  if (!IP_IS_V6(gateway)) {
    netif_set_gw(&interface, ip_2_ip4(gateway));
    pretend_arp_reply(ip_2_ip4(gateway));
    return;
  }
  ip6_addr_copy(neighbor_cache[0].next_hop_address, *ip_2_ip6(gateway));
  memcpy(neighbor_cache[0].lladdr, &gateway_mac, sizeof gateway_mac);
  neighbor_cache[0].netif = &interface;
  neighbor_cache[0].state = ND6_REACHABLE;
  neighbor_cache[0].isrouter = 1;
  neighbor_cache[0].counter.reachable_time = UINT32_MAX;
  default_router_list[0].neighbor_entry = &neighbor_cache[0];
  default_router_list[0].invalidation_timer = UINT32_MAX;
}

// As lwip_init() does, but for the timers of ARP, neighbour discovery, IGMP, MLD and reassembly,
// which tick up to ten times a second whether there is something to do or not: the one neighbour is
// known for ever, there are no groups, and what cannot be reassembled waits until others need its
// room. TCP starts its own timer when it has a connection.
static void start_lwip(void) {
  unsigned seed = 0;
  if (getrandom(&seed, sizeof seed, 0) != sizeof seed) give_up("getrandom");
  srand(seed);  // lwIP's random numbers are rand()
  sys_init();
  mem_init();
  memp_init();
  netif_init();
  udp_init();
  tcp_init();
  igmp_init();
}

// lwIP hands packets for its own address to its own thread. There is none: its timers take them.
err_t tcpip_try_callback(tcpip_callback_fn function, void* context) {
  states_look();
  sys_timeout(0, function, context);
  return ERR_OK;
}

void device_start(void) {
  fd = atoi(need("FAULTLINE_DEVICE"));
  read_mac("FAULTLINE_GATEWAY_MAC", gateway_mac.addr);
  start_lwip();
  if (netif_add_noaddr(&interface, NULL, make_interface, ethernet_input) == NULL) {
    give_up("no interface");
  }
  netif_set_default(&interface);
  netif_set_link_up(&interface);
  netif_set_up(&interface);
  each_address("FAULTLINE_ADDRESSES", add_own);
  interface.flags |= NETIF_FLAG_ETHARP | NETIF_FLAG_BROADCAST;  // now: it announces no address
  each_address("FAULTLINE_GATEWAYS", add_gateway);
}

int device_fd(void) {
  return fd;
}

bool device_input(void) {
  const ssize_t length = read(fd, frame, sizeof frame);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (length <= 0) give_up("the device is gone");
  struct pbuf* const p = pbuf_alloc(PBUF_RAW, (uint16_t)length, PBUF_POOL);
  if (p == NULL) return true;
  pbuf_take(p, frame, (uint16_t)length);
  if (interface.input(p, &interface) != ERR_OK) pbuf_free(p);
  return true;
}
