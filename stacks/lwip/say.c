#include "say.h"

#include <errno.h>
#include <lwip/init.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "address.h"

static int out = STDOUT_FILENO;

int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

bool ok(const struct answer* answer) {
  return answer->error == NULL && answer->unsupported == NULL;
}

struct answer refused(const char* error, const char* format, ...) {
  struct answer answer = {.error = error};
  va_list values;
  va_start(values, format);
  vsnprintf(answer.message, sizeof answer.message, format, values);
  va_end(values);
  return answer;
}

struct answer unsupported(const char* why, const char* what) {
  struct answer answer = {.unsupported = why};
  snprintf(answer.message, sizeof answer.message, "%s", what);
  return answer;
}

// Appends "key":value; the result has room for all members that a call has.
static void add(struct answer* answer, const char* key, const char* value) {
  const size_t used = strlen(answer->result);
  snprintf(answer->result + used, sizeof answer->result - used, "%s\"%s\":%s", used > 0 ? "," : "",
           key, value);
}

void add_number(struct answer* answer, const char* key, int64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  add(answer, key, text);
}

void add_bool(struct answer* answer, const char* key, bool value) {
  add(answer, key, value ? "true" : "false");
}

void add_end(struct answer* answer, const char* end, const ip_addr_t* address, uint16_t port) {
  char key[32], text[ADDRESS_LENGTH], quoted[ADDRESS_LENGTH + 2];
  address_text(address, text);
  snprintf(quoted, sizeof quoted, "\"%s\"", text);
  snprintf(key, sizeof key, "%s_address", end);
  add(answer, key, quoted);
  snprintf(key, sizeof key, "%s_port", end);
  add_number(answer, key, port);
}

// Waits until all is written; where nobody reads any more, the driver ends.
static void write_all(const char* text, size_t length) {
  while (length > 0) {
    const ssize_t written = write(out, text, length);
    if (written > 0) {
      text += written;
      length -= (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd room = {out, POLLOUT, 0};
      poll(&room, 1, -1);
    } else if (errno != EINTR) {
      _exit(1);
    }
  }
}

__attribute__((format(printf, 1, 2))) static void say(const char* format, ...) {
  char line[1024];
  va_list values;
  va_start(values, format);
  const int length = vsnprintf(line, sizeof line - 1, format, values);
  va_end(values);
  line[length] = '\n';
  write_all(line, (size_t)length + 1);
}

// A JSON string's content: what is not plain ASCII is told as '?'.
static const char* plain(const char* text, size_t length, char* out, size_t room) {
  size_t used = 0;
  for (size_t i = 0; i < length && used + 3 < room; i++) {
    const char c = text[i];
    if (c == '"' || c == '\\') out[used++] = '\\';
    out[used++] = c >= 0x20 && c < 0x7f ? c : '?';
  }
  out[used] = '\0';
  return out;
}

void say_prepare(void) {
  out = dup(STDOUT_FILENO);
  if (out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) _exit(1);
}

void say_hello(void) {
  say("{\"event\":\"hello\",\"protocol\":1,\"stack\":\"lwip\",\"version\":\"%s\","
      "\"clock\":\"CLOCK_MONOTONIC\",\"pid\":%d,\"states\":\"events\"}",
      LWIP_VERSION_STRING, getpid());
}

void say_started(uint64_t id) {
  say("{\"event\":\"started\",\"id\":%llu}", (unsigned long long)id);
}

void say_reply(uint64_t id, const struct answer* answer) {
  char message[sizeof answer->message * 2], how[sizeof message + 64] = "";
  const int64_t instead = answer->began == 0 ? now() : 0;
  plain(answer->message, strlen(answer->message), message, sizeof message);
  if (answer->unsupported != NULL) {
    snprintf(how, sizeof how, ",\"unsupported\":\"%s %s\"", answer->unsupported, message);
  } else if (answer->error != NULL) {
    snprintf(how, sizeof how, ",\"error\":\"%s\",\"message\":\"%s\"", answer->error, message);
  }
  const bool has_result = ok(answer) || answer->result[0] != '\0';
  say("{\"id\":%llu%s%s%s%s,\"began\":%lld,\"ended\":%lld}", (unsigned long long)id, how,
      has_result ? ",\"result\":{" : "", answer->result, has_result ? "}" : "",
      (long long)(answer->began + instead), (long long)(answer->ended + instead));
}

void say_state(const ip_addr_t* local, uint16_t local_port, const ip_addr_t* peer,
               uint16_t peer_port, const char* state) {
  char local_text[ADDRESS_LENGTH], peer_text[ADDRESS_LENGTH];
  address_text(local, local_text);
  address_text(peer, peer_text);
  say("{\"event\":\"state\",\"local_address\":\"%s\",\"local_port\":%u,\"peer_address\":\"%s\","
      "\"peer_port\":%u,\"state\":\"%s\"}",
      local_text, local_port, peer_text, peer_port, state);
}

void say_error(const char* what, const char* line, size_t length) {
  char quoted[200];
  say("{\"event\":\"error\",\"message\":\"%s: %s\"}", what,
      plain(line, length, quoted, sizeof quoted));
}
