// The driver of lwIP: docs/driver-protocol.md on its standard input and output. One thread; lwIP is
// run from here, its raw interface without its own thread.
#define _GNU_SOURCE
#include <errno.h>
#include <lwip/timeouts.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "calls.h"
#include "device.h"
#include "json.h"
#include "request.h"

enum { MAX_LINE = 65536, FRAMES_AT_ONCE = 64 };

static struct {
  char bytes[MAX_LINE + 1];
  size_t length;
  bool too_long;  // the rest of this line is skipped
} line;

static void serve(void) {
  static char copy[MAX_LINE + 1];
  memcpy(copy, line.bytes, line.length);
  struct json* const object = json_parse(copy, line.length);
  const struct json* const id =
      object != NULL && object->type == JSON_OBJECT ? json_member(object, "id") : NULL;
  const struct json* const call = id != NULL ? json_member(object, "call") : NULL;
  if (object == NULL || object->type != JSON_OBJECT) {
    say_error("not a JSON object", line.bytes, line.length);
  } else if (id == NULL || id->type != JSON_INTEGER || id->negative ||
             id->magnitude > (uint64_t)MAX_INTEGER) {
    say_error("no id (an integer from 0 to 2^53)", line.bytes, line.length);
  } else if (call != NULL && call->type == JSON_STRING && strcmp(call->text, "exit") == 0) {
    say_reply(id->magnitude, &(struct answer){0});
    _exit(0);
  } else {
    calls_make(id->magnitude, object);
  }
  json_free(object);
}

static void end_line(void) {
  if (line.too_long) {
    say_error("a line is longer than 65536 bytes", line.bytes, line.length);
  } else if (line.length > 0) {
    serve();
  }
  line.length = 0;
  line.too_long = false;
}

static void read_requests(void) {
  char buffer[4096];
  const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) _exit(0);
  for (ssize_t i = 0; i < got; i++) {
    if (buffer[i] == '\n') {
      end_line();
    } else if (line.length == MAX_LINE) {
      line.too_long = true;
    } else {
      line.bytes[line.length++] = buffer[i];
    }
  }
}

// How long until lwIP's next timer; NULL: it has none. lwIP's clock shows whole milliseconds, and
// its timers start each other from what it shows: one that is served in the middle of a millisecond
// makes all that follow late.
static const struct timespec* until_timer(struct timespec* left) {
  const int64_t millisecond = 1000000, second = 1000 * millisecond;
  const int64_t into_millisecond = now() % millisecond;
  const uint32_t sleep = sys_timeouts_sleeptime();
  if (sleep == SYS_TIMEOUTS_SLEEPTIME_INFINITE) return NULL;
  const int64_t wait = sleep > 0 ? sleep * millisecond - into_millisecond : 0;
  *left = (struct timespec){.tv_sec = wait / second, .tv_nsec = wait % second};
  return left;
}

static void wait_and_serve(void) {
  struct timespec left;
  struct pollfd fds[] = {{STDIN_FILENO, POLLIN, 0}, {device_fd(), POLLIN, 0}};
  if (ppoll(fds, 2, until_timer(&left), NULL) < 0) return;
  sys_check_timeouts();
  calls_settle();
  for (int i = 0; i < FRAMES_AT_ONCE && fds[1].revents != 0 && device_input(); i++) calls_settle();
  if (fds[0].revents != 0) read_requests();
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  say_prepare();
  device_start();
  say_hello();
  for (;;) wait_and_serve();
}
