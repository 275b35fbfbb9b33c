#include "calls.h"

#include <lwip/tcp.h>
#include <string.h>

#include "opening.h"
#include "options.h"
#include "request.h"
#include "sockets.h"
#include "states.h"
#include "transfer.h"

static struct socket* need(struct request* request, struct answer* answer) {
  const char* const name = request_need_name(request, "socket");
  struct socket* const socket = request->is_refused ? NULL : socket_find(name);
  if (request->is_refused) {
    *answer = request->refusal;
  } else if (socket == NULL) {
    *answer = refused("EBADF", "no socket '%s'", name);
  }
  return socket;
}

static void reply(struct call* call, struct answer* answer) {
  answer->began = call->began;
  answer->ended = now();
  call->active = false;
  say_reply(call->id, answer);
}

static struct answer start_transfer(struct request* request, uint64_t id, bool sends, bool* waits) {
  struct answer answer = {0};
  struct call call = {.active = true, .id = id};
  call.seed = request_need_seed(request);
  call.offset = (uint64_t)request_integer(request, "offset", 0, MAX_INTEGER, 0);
  call.left = (uint64_t)(sends ? request_need_integer(request, "bytes", 0, MAX_INTEGER)
                               : request_integer(request, "bytes", 0, MAX_INTEGER, MAX_INTEGER));
  struct socket* const socket = need(request, &answer);
  if (socket == NULL) return answer;
  struct call* const slot = sends ? &socket->send : &socket->recv;
  if (slot->active) return refused("EBUSY", "a %s is under way", sends ? "send" : "recv");
  call.began = now();
  *slot = call;
  *waits = true;
  return answer;
}

static void cancel(struct call* call, struct answer answer) {
  if (!call->active) return;
  answer.error = "ECANCELED";
  strcpy(answer.message, "the socket was closed");
  reply(call, &answer);
}

static void cancel_all(struct socket* socket) {
  struct answer none = {0}, sent = {0}, received = {0};
  transfer_add_sent(socket, &sent);
  transfer_add_received(socket, &received, false);
  if (socket->accept.active) socket_free(socket->accept.into);
  cancel(&socket->accept, none);
  cancel(&socket->connect, none);
  cancel(&socket->send, sent);
  cancel(&socket->recv, received);
}

// lwIP has no word for it, but its own listening netconn resets what was not accepted, too.
static void reset_waiting(const struct socket* listener) {
  for (struct socket* it; (it = socket_next_accepted(listener)) != NULL;) {
    struct tcp_pcb* const pcb = socket_disown(it);
    if (pcb != NULL) tcp_abort(pcb);
    socket_free(it);
  }
}

static struct answer call_close(struct request* request, bool resets) {
  struct answer answer = {0};
  struct socket* const socket = need(request, &answer);
  if (socket == NULL) return answer;
  cancel_all(socket);
  reset_waiting(socket);
  const bool listening = socket->listening;
  resets = resets || socket->settings.linger == 0;
  answer.began = now();
  struct tcp_pcb* const pcb = socket_disown(socket);
  if (pcb != NULL && resets && !listening) {
    tcp_abort(pcb);
  } else if (pcb != NULL) {
    tcp_close(pcb);
  }
  answer.ended = now();
  socket_free(socket);
  return answer;
}

// As lwIP's own sockets have it: a listener that is shut down both ways listens no more.
static err_t shut_down(struct socket* socket, bool reads, bool writes) {
  if (socket->pcb == NULL) return ERR_CONN;
  if (socket->connected) return tcp_shutdown(socket->pcb, reads, writes);
  if (!socket->listening || !reads || !writes) return ERR_CONN;
  reset_waiting(socket);
  tcp_close(socket_disown(socket));
  socket->listening = false;
  return ERR_OK;
}

static struct answer call_shutdown(struct request* request) {
  struct answer answer = {0};
  const char* const how = request_need_text(request, "how");
  const bool both = strcmp(how, "both") == 0;
  const bool reads = both || strcmp(how, "read") == 0, writes = both || strcmp(how, "write") == 0;
  if (!reads && !writes) request_refuse(request, "how", "read, write or both");
  struct socket* const socket = need(request, &answer);
  if (socket == NULL) return answer;
  const int64_t began = now();
  const err_t err = shut_down(socket, reads, writes);
  if (err != ERR_OK) answer = refused("ENOTCONN", "shutdown");
  answer.began = began;
  answer.ended = now();
  if (err != ERR_OK || !socket->connected) return answer;
  socket->read_shut = socket->read_shut || reads;
  socket->write_shut = socket->write_shut || writes;
  return answer;
}

static struct answer call_option(struct request* request, bool sets) {
  struct answer answer = {0};
  const char* const option = request_need_text(request, "option");
  const char* const field = request_text(request, "field");
  const int64_t value = sets ? request_need_integer(request, "value", INT32_MIN, INT32_MAX) : 0;
  struct socket* const socket = need(request, &answer);
  if (socket == NULL) return answer;
  return sets ? option_set(socket, option, value) : option_get(socket, option, field);
}

static struct answer make(struct request* request, const char* call, uint64_t id, bool* waits) {
  if (strcmp(call, "socket") == 0) return call_socket(request);
  if (strcmp(call, "bind") == 0) return call_bind(request);
  if (strcmp(call, "listen") == 0) return call_listen(request);
  if (strcmp(call, "accept") == 0) return call_accept(request, id, waits);
  if (strcmp(call, "connect") == 0) return call_connect(request, id, waits);
  if (strcmp(call, "send") == 0) return start_transfer(request, id, true, waits);
  if (strcmp(call, "recv") == 0) return start_transfer(request, id, false, waits);
  if (strcmp(call, "shutdown") == 0) return call_shutdown(request);
  if (strcmp(call, "close") == 0) return call_close(request, false);
  if (strcmp(call, "abort") == 0) return call_close(request, true);
  if (strcmp(call, "setsockopt") == 0) return call_option(request, true);
  if (strcmp(call, "getsockopt") == 0) return call_option(request, false);
  return unsupported("call", call);
}

static bool is_waiting(const struct call* call, uint64_t id) {
  return call->active && call->id == id;
}

static bool waits_still(uint64_t id) {
  for (const struct socket* it = sockets; it != NULL; it = it->next) {
    if (is_waiting(&it->connect, id) || is_waiting(&it->accept, id) || is_waiting(&it->send, id) ||
        is_waiting(&it->recv, id)) {
      return true;
    }
  }
  return false;
}

void calls_make(uint64_t id, const struct json* object) {
  struct request request = {.object = object};
  bool waits = false;
  const char* const call = request_need_text(&request, "call");
  const struct answer answer =
      request.is_refused ? request.refusal : make(&request, call, id, &waits);
  states_look();
  if (!waits) say_reply(id, &answer);
  calls_settle();
  if (waits && waits_still(id)) say_started(id);
}

typedef bool done_fn(struct socket* socket, struct answer* answer);

// Answers the call if it is done; true where it told the socket's error.
static bool settle_call(struct socket* socket, struct call* call, done_fn* done) {
  struct answer answer = {0};
  if (!call->active || !done(socket, &answer)) return false;
  reply(call, &answer);
  return answer.error != NULL && answer.error == socket->error;
}

static void settle(struct socket* socket) {
  bool told = settle_call(socket, &socket->connect, connect_done);
  told |= settle_call(socket, &socket->send, transfer_send_done);
  told |= settle_call(socket, &socket->recv, transfer_receive_done);
  if (told) socket->error = NULL;
  settle_call(socket, &socket->accept, accept_done);
}

void calls_settle(void) {
  sockets_forget_gone();
  states_look();
  for (struct socket* it = sockets; it != NULL; it = it->next) settle(it);
  states_look();
}
