#include "options.h"

#include <lwip/priv/tcp_priv.h>
#include <string.h>

#include "states.h"

// lwIP counts keepalive times in milliseconds, in 32 bits.
enum { MOST_SECONDS = 4000000 };

static struct answer set_number(uint32_t* setting, int64_t value, int64_t most) {
  if (value < 1 || value > most) return refused("EINVAL", "setsockopt");
  *setting = (uint32_t)value;
  return (struct answer){0};
}

static struct answer set(struct settings* settings, const char* name, int64_t value) {
  if (strcmp(name, "SO_KEEPALIVE") == 0) {
    settings->keepalive = value != 0;
  } else if (strcmp(name, "TCP_NODELAY") == 0) {
    settings->nodelay = value != 0;
  } else if (strcmp(name, "SO_REUSEADDR") == 0) {
    settings->reuse_address = value != 0;
  } else if (strcmp(name, "TCP_KEEPIDLE") == 0) {
    return set_number(&settings->keep_idle, value, MOST_SECONDS);
  } else if (strcmp(name, "TCP_KEEPINTVL") == 0) {
    return set_number(&settings->keep_interval, value, MOST_SECONDS);
  } else if (strcmp(name, "TCP_KEEPCNT") == 0) {
    return set_number(&settings->keep_count, value, 127);
  } else if (strcmp(name, "SO_LINGER") == 0 && value <= 0) {
    settings->linger = value < 0 ? -1 : 0;
  } else if (strcmp(name, "SO_LINGER") == 0) {
    return unsupported("a lingering close", "");
  } else {
    return unsupported("option", name);
  }
  return (struct answer){0};
}

struct answer option_set(struct socket* socket, const char* name, int64_t value) {
  const int64_t began = now();
  struct answer answer = set(&socket->settings, name, value);
  if (ok(&answer)) socket_apply(socket);
  answer.began = began;
  answer.ended = now();
  return answer;
}

struct answer options_set(struct socket* socket, const struct json* options) {
  struct answer answer = {0};
  struct request request = {.object = options};
  const struct json* it = options != NULL ? options->first : NULL;
  for (; it != NULL && ok(&answer); it = it->next) {
    const int64_t value = request_need_integer(&request, it->key, INT32_MIN, INT32_MAX);
    answer = request.is_refused ? request.refusal : option_set(socket, it->key, value);
  }
  return answer;
}

static uint64_t count(const struct tcp_seg* segments) {
  uint64_t n = 0;
  for (; segments != NULL; segments = segments->next) n++;
  return n;
}

// The members of the kernel's struct tcp_info that lwIP has a like of; times in microseconds. -1:
// it has none.
static int64_t info(const struct tcp_pcb* pcb, const char* field) {
  const int64_t tick = TCP_SLOW_INTERVAL * 1000;
  if (strcmp(field, "tcpi_rto") == 0) return pcb->rto * tick;
  if (strcmp(field, "tcpi_rtt") == 0) return (pcb->sa >> 3) * tick;
  if (strcmp(field, "tcpi_retransmits") == 0) return pcb->nrtx;
  if (strcmp(field, "tcpi_probes") == 0) return pcb->persist_probe + pcb->keep_cnt_sent;
  if (strcmp(field, "tcpi_snd_mss") == 0) return pcb->mss;
  if (strcmp(field, "tcpi_snd_cwnd") == 0) return pcb->cwnd / pcb->mss;
  if (strcmp(field, "tcpi_snd_ssthresh") == 0) return pcb->ssthresh / pcb->mss;
  if (strcmp(field, "tcpi_snd_wnd") == 0) return pcb->snd_wnd;
  if (strcmp(field, "tcpi_unacked") == 0) return (int64_t)count(pcb->unacked);
  if (strcmp(field, "tcpi_snd_wscale") == 0) return pcb->snd_scale;
  if (strcmp(field, "tcpi_rcv_wscale") == 0) return pcb->rcv_scale;
  return -1;
}

static struct answer get_info(const struct socket* socket, const char* field) {
  if (field == NULL) return refused("EINVAL", "TCP_INFO needs a field");
  struct answer answer = {0};
  if (strcmp(field, "tcpi_state") == 0) {
    const enum tcp_state state = socket->pcb != NULL ? socket->pcb->state : CLOSED;
    add_number(&answer, "value", state_number(state));
    return answer;
  }
  static const struct tcp_pcb none = {.mss = 1};
  const bool connection = socket->pcb != NULL && !socket->listening;
  const int64_t value = info(connection ? socket->pcb : &none, field);
  if (value < 0) return unsupported("TCP_INFO has no", field);
  add_number(&answer, "value", value);
  return answer;
}

static struct answer get(const struct socket* socket, const char* name, const char* field) {
  const struct settings* const settings = &socket->settings;
  struct answer answer = {0};
  if (strcmp(name, "TCP_INFO") == 0) return get_info(socket, field);
  if (strcmp(name, "SO_KEEPALIVE") == 0) {
    add_number(&answer, "value", settings->keepalive);
  } else if (strcmp(name, "TCP_NODELAY") == 0) {
    add_number(&answer, "value", settings->nodelay);
  } else if (strcmp(name, "SO_REUSEADDR") == 0) {
    add_number(&answer, "value", settings->reuse_address);
  } else if (strcmp(name, "TCP_KEEPIDLE") == 0) {
    add_number(&answer, "value", settings->keep_idle);
  } else if (strcmp(name, "TCP_KEEPINTVL") == 0) {
    add_number(&answer, "value", settings->keep_interval);
  } else if (strcmp(name, "TCP_KEEPCNT") == 0) {
    add_number(&answer, "value", settings->keep_count);
  } else if (strcmp(name, "SO_LINGER") == 0) {
    add_number(&answer, "value", settings->linger);
  } else {
    return unsupported("option", name);
  }
  if (field != NULL) return refused("EINVAL", "only TCP_INFO has fields");
  return answer;
}

struct answer option_get(const struct socket* socket, const char* name, const char* field) {
  const int64_t began = now();
  struct answer answer = get(socket, name, field);
  answer.began = began;
  answer.ended = now();
  return answer;
}
