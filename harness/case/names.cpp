#include "harness/case/names.hpp"

#include <vector>

namespace faultline {
namespace {

using Names = std::vector<std::string>;

}  // namespace

std::span<const std::string> timer_names() {
  static const Names names{"connect",
                           "simultaneous-open",
                           "synack",
                           "synack-lost",
                           "synack-fast-open",
                           "defer-accept",
                           "syncookie",
                           "data",
                           "tail-loss-probe",
                           "delayed-ack",
                           "zero-window",
                           "zero-window-dead",
                           "zero-window-orphan",
                           "zero-window-orphan-dead",
                           "shrunk-window",
                           "fin-held",
                           "fin-orphan",
                           "fin-wait-2",
                           "time-wait",
                           "keepalive"};
  return names;
}

std::span<const std::string> option_names() {
  return readable_option_names().subspan(1);
}

std::span<const std::string> readable_option_names() {
  static const Names names{"TCP_INFO",     "TCP_USER_TIMEOUT", "TCP_SYNCNT",          "TCP_LINGER2",
                           "SO_KEEPALIVE", "TCP_KEEPIDLE",     "TCP_KEEPINTVL",       "TCP_KEEPCNT",
                           "TCP_NODELAY",  "TCP_CORK",         "TCP_DEFER_ACCEPT",    "TCP_MAXSEG",
                           "TCP_QUICKACK", "SO_LINGER",        "SO_SNDBUF",           "SO_RCVBUF",
                           "SO_REUSEADDR", "TCP_FASTOPEN",     "TCP_FASTOPEN_CONNECT"};
  return names;
}

std::span<const std::string> errno_names() {
  static const Names names{
      "EACCES",       "EADDRINUSE", "EADDRNOTAVAIL", "EAFNOSUPPORT", "EAGAIN",
      "EALREADY",     "EBADF",      "ECONNABORTED",  "ECONNREFUSED", "ECONNRESET",
      "EDESTADDRREQ", "EFAULT",     "EHOSTDOWN",     "EHOSTUNREACH", "EINPROGRESS",
      "EINTR",        "EINVAL",     "EISCONN",       "EMFILE",       "EMSGSIZE",
      "ENETDOWN",     "ENETRESET",  "ENETUNREACH",   "ENFILE",       "ENOBUFS",
      "ENOMEM",       "ENONET",     "ENOPROTOOPT",   "ENOTCONN",     "ENOTSOCK",
      "EOPNOTSUPP",   "EPERM",      "EPIPE",         "EPROTO",       "EPROTONOSUPPORT",
      "EPROTOTYPE",   "ETIMEDOUT"};
  return names;
}

std::span<const std::string> call_names() {
  static const Names names{"bind",     "listen", "accept", "connect",    "send",       "recv",
                           "shutdown", "close",  "abort",  "setsockopt", "getsockopt", "kill"};
  return names;
}

}  // namespace faultline
