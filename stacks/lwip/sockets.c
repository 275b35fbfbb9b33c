#include "sockets.h"

#include <lwip/priv/tcp_priv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transfer.h"

struct socket* sockets;

static struct socket* add(const char* name) {
  struct socket* const socket = calloc(1, sizeof *socket);
  if (socket == NULL) abort();
  snprintf(socket->name, sizeof socket->name, "%s", name);
  socket->settings = (struct settings){
      .reuse_address = true,
      .keep_idle = TCP_KEEPIDLE_DEFAULT / 1000,
      .keep_interval = TCP_KEEPINTVL_DEFAULT / 1000,
      .keep_count = TCP_KEEPCNT_DEFAULT,
      .linger = -1,
  };
  struct socket** last = &sockets;
  while (*last != NULL) last = &(*last)->next;
  *last = socket;
  return socket;
}

static struct socket* find(const char* name) {
  struct socket* it = sockets;
  while (it != NULL && (it->name[0] == '\0' || strcmp(it->name, name) != 0)) it = it->next;
  return it;
}

struct socket* socket_find(const char* name) {
  struct socket* const found = find(name);
  return found != NULL && !found->reserved ? found : NULL;
}

bool socket_taken(const char* name) {
  return find(name) != NULL;
}

struct socket* socket_make(const char* name, bool v6) {
  struct socket* const socket = add(name);
  socket->v6 = v6;
  return socket;
}

struct socket* socket_reserve(const char* name) {
  struct socket* const socket = add(name);
  socket->reserved = true;
  return socket;
}

static err_t on_received(void* of, struct tcp_pcb* pcb, struct pbuf* p, err_t err) {
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  struct socket* const socket = of;
  if (p == NULL) {
    socket->end_met = true;
    return ERR_OK;
  }
  struct chunk* const chunk = calloc(1, sizeof *chunk);
  if (chunk == NULL) return ERR_MEM;
  chunk->p = p;
  *(socket->first == NULL ? &socket->first : &socket->last->next) = chunk;
  socket->last = chunk;
  transfer_receive(socket);
  return ERR_OK;
}

static err_t on_sent(void* of, struct tcp_pcb* pcb, uint16_t length) {
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(length);
  transfer_send(of);
  return ERR_OK;
}

// lwIP has freed the control block, or is about to. It says only that it gave up: on a timer, that
// nobody answered.
static void on_error(void* of, err_t err) {
  struct socket* const socket = of;
  if (err == ERR_RST) {
    socket->error = socket->connecting ? "ECONNREFUSED" : "ECONNRESET";
  } else if (err == ERR_ABRT) {
    socket->error = tcp_input_pcb == NULL ? "ETIMEDOUT" : "ECONNABORTED";
  } else if (err != ERR_CLSD) {
    socket->error = "ENOMEM";
  }
  socket->pcb = NULL;
  socket->connecting = false;
}

static void take_over(struct socket* socket, struct tcp_pcb* pcb) {
  socket->pcb = pcb;
  tcp_arg(pcb, socket);
  tcp_recv(pcb, on_received);
  tcp_sent(pcb, on_sent);
  tcp_err(pcb, on_error);
  socket_apply(socket);
}

bool socket_needs_pcb(struct socket* socket) {
  if (socket->pcb != NULL) return true;
  struct tcp_pcb* const pcb = tcp_new_ip_type(socket->v6 ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4);
  if (pcb == NULL) return false;
  take_over(socket, pcb);
  return true;
}

void socket_apply(const struct socket* socket) {
  struct tcp_pcb* const pcb = socket->pcb;
  const struct settings* const wanted = &socket->settings;
  if (pcb == NULL) return;
  if (wanted->keepalive) ip_set_option(pcb, SOF_KEEPALIVE);
  if (!wanted->keepalive) ip_reset_option(pcb, SOF_KEEPALIVE);
  if (wanted->reuse_address) ip_set_option(pcb, SOF_REUSEADDR);
  if (!wanted->reuse_address) ip_reset_option(pcb, SOF_REUSEADDR);
  if (socket->listening) return;
  if (wanted->nodelay) tcp_nagle_disable(pcb);
  if (!wanted->nodelay) tcp_nagle_enable(pcb);
  pcb->keep_idle = wanted->keep_idle * 1000;
  pcb->keep_intvl = wanted->keep_interval * 1000;
  pcb->keep_cnt = wanted->keep_count;
}

static err_t on_accept(void* of, struct tcp_pcb* pcb, err_t err) {
  if (err != ERR_OK || pcb == NULL) return ERR_VAL;
  struct socket* const listener = of;
  struct socket* const socket = add("");
  socket->listener = listener;
  socket->peer = pcb->remote_ip;
  socket->peer_port = pcb->remote_port;
  socket->v6 = listener->v6;
  socket->settings = listener->settings;
  socket->connected = true;
  take_over(socket, pcb);
  return ERR_OK;
}

void socket_listens(struct socket* socket, struct tcp_pcb* listening) {
  socket->listening = true;
  socket->pcb = listening;
  tcp_arg(listening, socket);
  tcp_accept(listening, on_accept);
}

struct socket* socket_next_accepted(const struct socket* listener) {
  struct socket* it = sockets;
  while (it != NULL && it->listener != listener) it = it->next;
  return it;
}

static bool is_listed(const struct socket* socket, const struct tcp_pcb* pcbs) {
  for (; pcbs != NULL; pcbs = pcbs->next) {
    if (pcbs == socket->pcb) return pcbs->callback_arg == socket;
  }
  return false;
}

void sockets_forget_gone(void) {
  for (struct socket* it = sockets; it != NULL; it = it->next) {
    if (it->pcb == NULL || it->listening || !(it->connected || it->connecting)) continue;
    if (!is_listed(it, tcp_active_pcbs) && !is_listed(it, tcp_tw_pcbs)) it->pcb = NULL;
  }
}

struct tcp_pcb* socket_disown(struct socket* socket) {
  struct tcp_pcb* const pcb = socket->pcb;
  socket->pcb = NULL;
  if (pcb != NULL && !socket->listening) {
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
  } else if (pcb != NULL) {
    tcp_accept(pcb, NULL);
  }
  while (socket->first != NULL) {
    struct chunk* const chunk = socket->first;
    socket->first = chunk->next;
    pbuf_free(chunk->p);
    free(chunk);
  }
  return pcb;
}

void socket_free(struct socket* socket) {
  struct socket** at = &sockets;
  while (*at != socket) at = &(*at)->next;
  *at = socket->next;
  free(socket);
}
