// The driver's sockets: what the harness calls by names, on top of lwIP's control blocks.
//
// lwIP calls back while it works on a connection. What comes in is kept here; calls that wait for
// it are answered later, when lwIP has done (calls_settle).
#pragma once

#include <lwip/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_NAME = 64 };

// A call that has not been answered yet.
struct call {
  bool active;
  uint64_t id;
  int64_t began;
  // send, recv:
  uint64_t seed, offset, left, done;
  bool differs;
  uint64_t mismatch;
  // accept: the reserved name.
  struct socket* into;
};

// What options set; lwIP forgets them at listen() and does not know all of them.
struct settings {
  bool keepalive, nodelay, reuse_address;
  uint32_t keep_idle, keep_interval, keep_count;  // seconds
  int64_t linger;                                 // -1 or 0
};

// Bytes that came in and were not read yet: `p` from `offset` on.
struct chunk {
  struct chunk* next;
  struct pbuf* p;
  uint16_t offset;
};

struct socket {
  struct socket* next;
  char name[MAX_NAME + 1];  // empty while it waits to be accepted
  bool reserved;            // only the name, for a socket that accept will bring
  struct socket* listener;  // waits to be accepted from it
  ip_addr_t peer;           // of one that was accepted: its end may be gone by then
  uint16_t peer_port;
  bool v6;
  struct tcp_pcb* pcb;                    // NULL: none yet, or the connection is over
  bool listening, connecting, connected;  // the last for ever
  bool write_shut, read_shut;
  bool end_met;       // the peer's FIN came
  const char* error;  // an errno's name that no call has told yet
  struct chunk *first, *last;
  struct settings settings;
  struct call connect, accept, send, recv;
};

extern struct socket* sockets;  // all of them, in the order in which they were made

struct socket* socket_find(const char* name);  // NULL where there is none, or only a reserved name
bool socket_taken(const char* name);
struct socket* socket_make(const char* name, bool v6);
struct socket* socket_reserve(const char* name);

// Sees to it that a socket without a connection has a control block; false: no memory.
bool socket_needs_pcb(struct socket* socket);
// Puts the settings into the control block.
void socket_apply(const struct socket* socket);
// After tcp_listen(): connections are queued from now on.
void socket_listens(struct socket* socket, struct tcp_pcb* listening);
// The first connection that waits to be accepted, or NULL.
struct socket* socket_next_accepted(const struct socket* listener);

// Lets go of control blocks that lwIP has freed without a word, which it does at the end of
// TIME_WAIT and of a connection that is closed for reading.
void sockets_forget_gone(void);

// Forgets a socket, once its control block is no longer its own (socket_disown).
void socket_free(struct socket* socket);
// lwIP calls back no more; what was not read is gone. Returns the control block, or NULL.
struct tcp_pcb* socket_disown(struct socket* socket);
