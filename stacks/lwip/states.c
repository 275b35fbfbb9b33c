#include "states.h"

#include <lwip/priv/tcp_priv.h>
#include <stdbool.h>
#include <stdlib.h>

#include "say.h"

// One connection, by its addresses: lwIP uses a control block's memory again for the next one.
struct told {
  struct told* next;
  ip_addr_t local, peer;
  uint16_t local_port, peer_port;
  enum tcp_state state;
  bool seen;
};

static struct told* connections;

static const struct {
  const char* name;
  int number;
} states[] = {
    [CLOSED] = {"CLOSED", 7},           [LISTEN] = {"LISTEN", 10},
    [SYN_SENT] = {"SYN_SENT", 2},       [SYN_RCVD] = {"SYN_RECV", 3},
    [ESTABLISHED] = {"ESTABLISHED", 1}, [FIN_WAIT_1] = {"FIN_WAIT_1", 4},
    [FIN_WAIT_2] = {"FIN_WAIT_2", 5},   [CLOSE_WAIT] = {"CLOSE_WAIT", 8},
    [CLOSING] = {"CLOSING", 11},        [LAST_ACK] = {"LAST_ACK", 9},
    [TIME_WAIT] = {"TIME_WAIT", 6},
};

int state_number(enum tcp_state state) {
  return states[state].number;
}

static void tell(const struct told* it, enum tcp_state state) {
  say_state(&it->local, it->local_port, &it->peer, it->peer_port, states[state].name);
}

static struct told* find(const struct tcp_pcb* pcb) {
  for (struct told* it = connections; it != NULL; it = it->next) {
    if (it->local_port == pcb->local_port && it->peer_port == pcb->remote_port &&
        ip_addr_cmp(&it->local, &pcb->local_ip) && ip_addr_cmp(&it->peer, &pcb->remote_ip)) {
      return it;
    }
  }
  return NULL;
}

static struct told* add(const struct tcp_pcb* pcb) {
  struct told* const it = calloc(1, sizeof *it);
  if (it == NULL) abort();
  it->local = pcb->local_ip;
  it->peer = pcb->remote_ip;
  it->local_port = pcb->local_port;
  it->peer_port = pcb->remote_port;
  it->state = CLOSED;
  it->next = connections;
  connections = it;
  return it;
}

static void look_at(const struct tcp_pcb* pcb) {
  struct told* it = find(pcb);
  if (it == NULL) it = add(pcb);
  it->seen = true;
  if (it->state == pcb->state) return;
  it->state = pcb->state;
  tell(it, it->state);
}

void states_look(void) {
  for (struct told* it = connections; it != NULL; it = it->next) it->seen = false;
  for (struct tcp_pcb* pcb = tcp_active_pcbs; pcb != NULL; pcb = pcb->next) look_at(pcb);
  for (struct tcp_pcb* pcb = tcp_tw_pcbs; pcb != NULL; pcb = pcb->next) look_at(pcb);
  for (struct told** at = &connections; *at != NULL;) {
    struct told* const it = *at;
    if (it->seen) {
      at = &it->next;
      continue;
    }
    tell(it, CLOSED);
    *at = it->next;
    free(it);
  }
}
