#include "stacks/linux/options.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>

#include "stacks/linux/request.hpp"
#include "stacks/linux/tcp_info.hpp"

namespace faultline::linux_driver {
namespace {

struct Option {
  const char* name;
  int level, number;
};

// All hold an int, but for SO_LINGER. tcp(7), socket(7).
constexpr std::array option_table{
    Option{"TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT},
    Option{"TCP_SYNCNT", IPPROTO_TCP, TCP_SYNCNT},
    Option{"TCP_LINGER2", IPPROTO_TCP, TCP_LINGER2},
    Option{"TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE},
    Option{"TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL},
    Option{"TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT},
    Option{"TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY},
    Option{"TCP_CORK", IPPROTO_TCP, TCP_CORK},
    Option{"TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT},
    Option{"TCP_MAXSEG", IPPROTO_TCP, TCP_MAXSEG},
    Option{"TCP_QUICKACK", IPPROTO_TCP, TCP_QUICKACK},
    Option{"TCP_FASTOPEN", IPPROTO_TCP, TCP_FASTOPEN},
    Option{"TCP_FASTOPEN_CONNECT", IPPROTO_TCP, TCP_FASTOPEN_CONNECT},
    Option{"SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE},
    Option{"SO_SNDBUF", SOL_SOCKET, SO_SNDBUF},
    Option{"SO_RCVBUF", SOL_SOCKET, SO_RCVBUF},
    Option{"SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR},
    Option{"SO_LINGER", SOL_SOCKET, SO_LINGER},
};

const Option* find_option(const std::string& name) {
  for (const Option& option : option_table) {
    if (name == option.name) return &option;
  }
  return nullptr;
}

Answer get_info_field(int fd, const std::optional<std::string>& field) {
  if (!field) return refused("EINVAL", "TCP_INFO needs a field");
  tcp_info info{};
  socklen_t length = sizeof info;
  Answer answer = stamped("getsockopt TCP_INFO",
                          [&] { return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length); });
  if (!answer.ok()) return answer;
  const std::optional<uint64_t> value = info_field(info, length, *field);
  if (!value) return unsupported("TCP_INFO has no " + *field);
  answer.result["value"] = *value;
  return answer;
}

}  // namespace

Answer set_option(int fd, const std::string& name, int64_t value) {
  const Option* option = find_option(name);
  if (option == nullptr) return unsupported("option " + name);
  const int number = static_cast<int>(value);
  const linger lingering{.l_onoff = number >= 0, .l_linger = number >= 0 ? number : 0};
  const bool is_linger = option->number == SO_LINGER && option->level == SOL_SOCKET;
  const void* content = is_linger ? static_cast<const void*>(&lingering) : &number;
  const socklen_t length = is_linger ? sizeof lingering : sizeof number;
  Answer answer = stamped(
      "setsockopt", [&] { return setsockopt(fd, option->level, option->number, content, length); });
  if (!answer.ok()) answer.message = "setsockopt " + name;
  return answer;
}

Answer get_option(int fd, const std::string& name, const std::optional<std::string>& field) {
  if (name == "TCP_INFO") return get_info_field(fd, field);
  const Option* option = find_option(name);
  if (option == nullptr) return unsupported("option " + name);
  if (field) return refused("EINVAL", "only TCP_INFO has fields");
  linger value{};  // an int is its first member
  socklen_t length = sizeof value;
  Answer answer = stamped(
      "getsockopt", [&] { return getsockopt(fd, option->level, option->number, &value, &length); });
  if (!answer.ok()) return answer;
  const bool is_linger = option->number == SO_LINGER && option->level == SOL_SOCKET;
  if (is_linger) {
    answer.result["value"] = value.l_onoff != 0 ? value.l_linger : -1;
  } else {
    answer.result["value"] = value.l_onoff;
  }
  return answer;
}

std::optional<Answer> set_options(int fd, const nlohmann::json& options) {
  Request request(options);
  for (const auto& [name, unused] : options.items()) {
    const int64_t value = request.need_integer(name.c_str(), option_least, option_most);
    if (request.refusal()) return request.refusal();
    Answer answer = set_option(fd, name, value);
    if (!answer.ok()) return answer;
  }
  return {};
}

bool lingers(int fd) {
  linger value{};
  socklen_t length = sizeof value;
  return getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &length) == 0 && value.l_onoff != 0 &&
         value.l_linger > 0;
}

}  // namespace faultline::linux_driver
