#include "opening.h"

#include <lwip/priv/tcp_priv.h>
#include <string.h>

#include "options.h"

// The errno's name for what lwIP returns; "" for success.
static const char* name_of(err_t err) {
  switch (err) {
    case ERR_OK:
      return "";
    case ERR_USE:
    case ERR_BUF:
      return "EADDRINUSE";
    case ERR_RTE:
      return "EHOSTUNREACH";
    case ERR_ISCONN:
      return "EISCONN";
    case ERR_MEM:
      return "ENOMEM";
    case ERR_IF:
      return "ENETDOWN";
    default:
      return "EINVAL";
  }
}

static struct answer stamped(const char* what, int64_t began, err_t err) {
  struct answer answer = {0};
  if (err != ERR_OK) answer = refused(name_of(err), "%s", what);
  answer.began = began;
  answer.ended = now();
  return answer;
}

// The socket that the request names; made where there is none (`fresh`). Options are set.
static struct socket* find_or_make(struct request* request, bool* fresh, struct answer* answer) {
  const char* const name = request_need_name(request, "socket");
  const struct json* const options = request_options(request);
  struct socket* socket = socket_find(name);
  *fresh = socket == NULL;
  const bool v6 = socket != NULL ? socket->v6 : request_need_family(request);
  if (request->is_refused) {
    *answer = request->refusal;
    return NULL;
  }
  if (socket == NULL && socket_taken(name)) {
    *answer = refused("EEXIST", "there is a socket '%s'", name);
    return NULL;
  }
  if (socket == NULL) socket = socket_make(name, v6);
  *answer = options_set(socket, options);
  if (ok(answer) && !socket->connected && !socket_needs_pcb(socket)) {
    *answer = refused("ENOMEM", "socket");
  }
  return socket;
}

// A call that fails leaves no socket that it has made.
static void drop_if_fresh(struct socket* socket, bool fresh) {
  if (socket == NULL || !fresh) return;
  struct tcp_pcb* const pcb = socket_disown(socket);
  if (pcb != NULL) tcp_close(pcb);
  socket_free(socket);
}

static struct answer bind_to(struct socket* socket, struct request* request, const char* address,
                             const char* port) {
  const ip_addr_t local = request_address(request, address, socket->v6);
  const uint16_t number = (uint16_t)request_integer(request, port, 0, 65535, 0);
  if (request->is_refused) return request->refusal;
  const int64_t began = now();
  // lwIP would put a control block that is bound twice on its list twice.
  const bool bound = socket->pcb == NULL || socket->listening || socket->pcb->local_port != 0;
  return stamped("bind", began, bound ? ERR_VAL : tcp_bind(socket->pcb, &local, number));
}

static void add_local(struct answer* answer, const struct socket* socket) {
  add_end(answer, "local", &socket->pcb->local_ip, socket->pcb->local_port);
}

struct answer call_socket(struct request* request) {
  const char* const name = request_need_name(request, "socket");
  if (!request->is_refused && socket_taken(name)) {
    return refused("EEXIST", "there is a socket '%s'", name);
  }
  request_need_family(request);
  bool fresh = false;
  struct answer answer = {0};
  struct socket* const socket = find_or_make(request, &fresh, &answer);
  if (!ok(&answer)) drop_if_fresh(socket, fresh);
  return answer;
}

struct answer call_bind(struct request* request) {
  bool fresh = false;
  struct answer answer = {0};
  struct socket* const socket = find_or_make(request, &fresh, &answer);
  if (ok(&answer)) answer = bind_to(socket, request, "address", "port");
  if (ok(&answer)) add_local(&answer, socket);
  if (!ok(&answer)) drop_if_fresh(socket, fresh);
  return answer;
}

// lwIP has no backlog in this configuration: it accepts whatever comes.
static struct answer listen_on(struct socket* socket) {
  const int64_t began = now();
  if (socket->connected || socket->connecting) return stamped("listen", began, ERR_VAL);
  if (socket->listening) return stamped("listen", began, ERR_OK);
  err_t err = ERR_OK;
  if (socket->pcb->local_port == 0) err = tcp_bind(socket->pcb, &socket->pcb->local_ip, 0);
  struct tcp_pcb* listening = NULL;
  if (err == ERR_OK) listening = tcp_listen_with_backlog_and_err(socket->pcb, 0xff, &err);
  if (listening != NULL) socket_listens(socket, listening);
  return stamped("listen", began, err);
}

struct answer call_listen(struct request* request) {
  request_integer(request, "backlog", 0, 65535, 16);
  const bool binds = request_has(request, "address") || request_has(request, "port");
  bool fresh = false;
  struct answer answer = {0};
  struct socket* const socket = find_or_make(request, &fresh, &answer);
  if (ok(&answer) && binds) answer = bind_to(socket, request, "address", "port");
  if (ok(&answer)) answer = listen_on(socket);
  if (ok(&answer)) add_local(&answer, socket);
  if (!ok(&answer)) drop_if_fresh(socket, fresh);
  return answer;
}

static err_t on_connected(void* of, struct tcp_pcb* pcb, err_t err) {
  LWIP_UNUSED_ARG(pcb);
  LWIP_UNUSED_ARG(err);
  struct socket* const socket = of;
  socket->connecting = false;
  socket->connected = true;
  return ERR_OK;
}

static struct answer connect_to(struct socket* socket, struct request* request, uint64_t id) {
  const ip_addr_t peer = request_address(request, "address", socket->v6);
  const uint16_t port = (uint16_t)request_need_integer(request, "port", 0, 65535);
  if (request_need_text(request, "address")[0] == '\0') {
    request_refuse(request, "address", "a numeric one of the family");
  }
  if (request->is_refused) return request->refusal;
  if (request_has(request, "local_address") || request_has(request, "local_port")) {
    const struct answer bound = bind_to(socket, request, "local_address", "local_port");
    if (!ok(&bound)) return bound;
  }
  const int64_t began = now();
  if (socket->connected || socket->listening) return stamped("connect", began, ERR_ISCONN);
  const err_t err = tcp_connect(socket->pcb, &peer, port, on_connected);
  socket->connecting = err == ERR_OK;
  socket->connect = (struct call){.active = err == ERR_OK, .id = id, .began = began};
  return stamped("connect", began, err);
}

struct answer call_connect(struct request* request, uint64_t id, bool* waits) {
  const struct socket* const there = socket_find(request_need_name(request, "socket"));
  if (there != NULL && there->connecting) return refused("EALREADY", "a connect is under way");
  bool fresh = false;
  struct answer answer = {0};
  struct socket* const socket = find_or_make(request, &fresh, &answer);
  if (ok(&answer)) answer = connect_to(socket, request, id);
  if (!ok(&answer)) drop_if_fresh(socket, fresh);
  *waits = ok(&answer);
  return answer;
}

bool connect_done(struct socket* socket, struct answer* answer) {
  if (socket->connecting) return false;
  if (socket->error != NULL) {
    *answer = refused(socket->error, "connect");
  } else if (socket->pcb == NULL) {
    *answer = refused("ECONNABORTED", "connect");
  } else {
    add_local(answer, socket);
  }
  return true;
}

struct answer call_accept(struct request* request, uint64_t id, bool* waits) {
  const char* const from = request_need_name(request, "from");
  const char* const name = request_need_name(request, "socket");
  if (request->is_refused) return request->refusal;
  struct socket* const listener = socket_find(from);
  if (listener == NULL) return refused("EBADF", "no socket '%s'", from);
  if (socket_taken(name)) return refused("EEXIST", "there is a socket '%s'", name);
  if (listener->accept.active) return refused("EBUSY", "an accept is under way");
  if (!listener->listening) return stamped("accept", now(), ERR_VAL);
  listener->accept =
      (struct call){.active = true, .id = id, .began = now(), .into = socket_reserve(name)};
  *waits = true;
  return (struct answer){0};
}

bool accept_done(struct socket* listener, struct answer* answer) {
  struct socket* const accepted = socket_next_accepted(listener);
  if (accepted == NULL && listener->listening) return false;
  struct socket* const reserved = listener->accept.into;
  if (accepted == NULL) {
    socket_free(reserved);
    *answer = refused("EINVAL", "accept");
    return true;
  }
  accepted->listener = NULL;
  memcpy(accepted->name, reserved->name, sizeof accepted->name);
  socket_free(reserved);
  add_end(answer, "peer", &accepted->peer, accepted->peer_port);
  return true;
}
