#include "transfer.h"

#include <lwip/priv/tcp_priv.h>
#include <stdlib.h>

#include "stream.h"

// What lwIP takes in one go.
enum { MOST = 0xffff };

static uint64_t least(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

// Hands over up to `length` bytes: as many as lwIP has segments for, 0 where there are none. That
// the content is made in pieces does not show: segments are cut when lwIP sends them, and PSH is on
// the last byte of all.
static uint64_t write_some(struct tcp_pcb* pcb, const struct call* call, uint64_t length) {
  static uint8_t content[MOST];
  stream_fill(call->seed, call->offset + call->done, content, length);
  for (;;) {
    const uint8_t more = length < call->left ? TCP_WRITE_FLAG_MORE : 0;
    const err_t err = tcp_write(pcb, content, (uint16_t)length, TCP_WRITE_FLAG_COPY | more);
    if (err == ERR_OK) return length;
    if (err != ERR_MEM || length <= pcb->mss) return 0;
    length /= 2;
  }
}

void transfer_send(struct socket* socket) {
  struct call* const call = &socket->send;
  if (!call->active || !socket->connected || socket->write_shut) return;
  bool wrote = false;
  while (call->left > 0 && socket->pcb != NULL && tcp_sndbuf(socket->pcb) > 0) {
    const uint64_t room = least(least(call->left, tcp_sndbuf(socket->pcb)), MOST);
    const uint64_t written = write_some(socket->pcb, call, room);
    if (written == 0) break;
    call->done += written;
    call->left -= written;
    wrote = true;
  }
  if (wrote) tcp_output(socket->pcb);
}

static void check(struct call* call, const uint8_t* bytes, size_t length) {
  if (call->differs) return;
  const uint64_t offset = call->offset + call->done;
  const size_t match = stream_match(call->seed, offset, bytes, length);
  if (match == length) return;
  call->differs = true;
  call->mismatch = offset + match;
}

// Takes up to `length` bytes of the first chunk's first buffer.
static uint16_t take(struct socket* socket, uint64_t length) {
  struct chunk* const chunk = socket->first;
  const uint16_t taken = (uint16_t)least(length, chunk->p->len - chunk->offset);
  check(&socket->recv, (const uint8_t*)chunk->p->payload + chunk->offset, taken);
  chunk->offset += taken;
  if (chunk->offset < chunk->p->len) return taken;
  chunk->offset = 0;
  struct pbuf* const rest = pbuf_free_header(chunk->p, chunk->p->len);
  if (rest != NULL) {
    chunk->p = rest;
    return taken;
  }
  socket->first = chunk->next;
  free(chunk);
  return taken;
}

// The window opens by what was read, and by nothing else.
void transfer_receive(struct socket* socket) {
  struct call* const call = &socket->recv;
  if (!call->active) return;
  uint32_t opened = 0;
  while (call->left > 0 && socket->first != NULL) {
    const uint16_t taken = take(socket, call->left);
    call->done += taken;
    call->left -= taken;
    opened += taken;
  }
  while (opened > 0 && socket->pcb != NULL) {
    const uint16_t step = (uint16_t)least(opened, MOST);
    tcp_recved(socket->pcb, step);
    opened -= step;
  }
}

// An error is told once, and to all calls that wait when it comes; later ones find the connection
// over.
static bool failed(const struct socket* socket, struct answer* answer, const char* call) {
  if (socket->error != NULL) *answer = refused(socket->error, "%s", call);
  return socket->error != NULL;
}

bool transfer_send_done(struct socket* socket, struct answer* answer) {
  if (socket->connecting && socket->send.left > 0) return false;
  transfer_send(socket);
  if (socket->send.left > 0) {
    if (socket->pcb != NULL && socket->connected && !socket->write_shut) return false;
    if (!failed(socket, answer, "send")) {
      *answer = refused(socket->connected ? "EPIPE" : "ENOTCONN", "send");
    }
  }
  transfer_add_sent(socket, answer);
  return true;
}

bool transfer_receive_done(struct socket* socket, struct answer* answer) {
  transfer_receive(socket);
  if (socket->recv.left == 0) {
    transfer_add_received(socket, answer, false);
    return true;
  }
  if (socket->connecting) return false;
  if (socket->end_met || socket->read_shut) {
    transfer_add_received(socket, answer, true);
    return true;
  }
  if (socket->pcb != NULL && socket->connected) return false;
  const bool over = socket->connected && socket->error == NULL;
  if (!over && !failed(socket, answer, "recv")) *answer = refused("ENOTCONN", "recv");
  transfer_add_received(socket, answer, over);
  return true;
}

void transfer_add_sent(const struct socket* socket, struct answer* answer) {
  add_number(answer, "bytes", (int64_t)socket->send.done);
}

void transfer_add_received(const struct socket* socket, struct answer* answer, bool end) {
  add_number(answer, "bytes", (int64_t)socket->recv.done);
  add_bool(answer, "eof", end);
  if (socket->recv.differs) add_number(answer, "mismatch", (int64_t)socket->recv.mismatch);
}
