#include "harness/tune/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/timers/backoff.hpp"
#include "harness/tune/behaviours.hpp"

namespace faultline {
namespace {

constexpr int64_t time_wait_seconds = 60;   // TCP_TIMEWAIT_LEN
constexpr int64_t safe_orphan_retries = 8;  // tcp_timer.c, tcp_orphan_retries
constexpr int64_t default_rto_max_ms = 120'000;

// One setting, and all that is in force with it.
struct Look {
  const SysctlFiles& files;
  const InForce& in_force;
  const Setting& setting;

  [[nodiscard]] const Setting* set(const std::string& name) const {
    const auto found = files.settings.find("net.ipv4." + name);
    return found == files.settings.end() ? nullptr : &found->second;
  }
  // Where this kernel has no such sysctl, `fallback`.
  [[nodiscard]] int64_t value(const std::string& name, int64_t fallback) const {
    const auto found = in_force.sysctls.find("net.ipv4." + name);
    return found == in_force.sysctls.end() ? fallback : std::stoll(found->second);
  }
  [[nodiscard]] int64_t value() const { return std::stoll(setting.value); }
  [[nodiscard]] bool is_default() const {
    return value() == find_timer_sysctl(setting.key)->standard;
  }
  [[nodiscard]] bool is_default(const std::string& name) const {
    const int64_t standard = find_timer_sysctl("net.ipv4." + name)->standard;
    return value(name, standard) == standard;
  }
  // "4 (mesh.conf:3)" or "4 (default)"
  [[nodiscard]] std::string told(const std::string& name) const {
    const Setting* other = set(name);
    return fmt::format("{} ({})", value(name, 0), other ? to_string(other->place) : "default");
  }
};

// Why the setting is not what it seems, or "".
using Says = std::string (*)(const Look&);

std::string not_time_wait(const Look& look) {
  if (look.is_default()) return "";
  return fmt::format(
      "tcp_fin_timeout does nothing to TIME_WAIT, which lasts {} s whatever is set; it bounds "
      "FIN_WAIT_2 of closed sockets",
      time_wait_seconds);
}

// tcp_timer.c, tcp_keepalive_timer, and tcp_input.c: above TCP_TIMEWAIT_LEN the socket waits for
// what is over it, and then for that once more in its mini-socket.
std::string longer_is_shorter(const Look& look) {
  const int64_t asked = look.value(), lasts = 2 * (asked - time_wait_seconds);
  if (asked <= time_wait_seconds || asked == lasts) return "";
  return fmt::format(
      "of a tcp_fin_timeout above {0} s the kernel takes twice what is over {0} s, and the {0} s "
      "not "
      "at all: with {1} FIN_WAIT_2 lasts {2} s{3}",
      time_wait_seconds, asked, lasts,
      lasts < time_wait_seconds ? fmt::format(", less than with {}", time_wait_seconds) : "");
}

std::string zero_is_eight(const Look& look) {
  if (look.value() != 0) return "";
  return fmt::format("tcp_orphan_retries = 0 does not mean never or at once: it means {}",
                     safe_orphan_retries);
}

std::string only_orphans(const Look& look) {
  if (look.is_default()) return "";
  return fmt::format(
      "tcp_orphan_retries is about sockets that were closed; FINs and data of sockets that an "
      "application still holds end by tcp_retries2 = {}",
      look.told("tcp_retries2"));
}

std::string time_not_packets(const Look& look) {
  if (look.is_default() || look.value() == 0) return "";
  const int hz = look.in_force.kernel.hz;
  const int64_t rto_max =
      to_jiffies(std::chrono::milliseconds(look.value("tcp_rto_max_ms", default_rto_max_ms)), hz);
  const Nanos time = from_jiffies(model_timeout(look.value(), hz / 5, rto_max), hz);
  return fmt::format(
      "{} = {} is a time, not a number of packets: it stands for {} after the first "
      "retransmission, "
      "and the RTO decides how many fit in",
      find_timer_sysctl(look.setting.key)->name(), look.value(), spoken(time));
}

std::string end_of_connect(const Look& look, int64_t linear, Count* syns) {
  auto sysctls = look.in_force.sysctls;
  sysctls["net.ipv4.tcp_syn_linear_timeouts"] = std::to_string(linear);
  const auto prediction =
      predict("connect", tuning_inputs(std::move(sysctls), look.in_force.kernel));
  if (!prediction) return "";
  *syns = prediction->transmissions;
  return spoken(prediction->gives_up);
}

std::string linear_timeouts_add(const Look& look) {
  const int64_t linear = look.value("tcp_syn_linear_timeouts", 0);
  const bool told_with_retries =
      look.setting.key == "net.ipv4.tcp_syn_linear_timeouts" && look.set("tcp_syn_retries");
  const bool all_default =
      look.is_default("tcp_syn_retries") && look.is_default("tcp_syn_linear_timeouts");
  if (linear == 0 || told_with_retries || all_default) return "";
  Count all, plain;
  const std::string with = end_of_connect(look, linear, &all);
  const std::string without = end_of_connect(look, 0, &plain);
  if (with.empty() || without.empty()) return "";
  return fmt::format(
      "tcp_syn_linear_timeouts = {} is added to tcp_syn_retries = {}: {} SYNs and {}, without it "
      "{} "
      "SYNs and {}",
      look.told("tcp_syn_linear_timeouts"), look.told("tcp_syn_retries"), all.most, with,
      plain.most, without);
}

std::string reuse_needs_timestamps(const Look& look) {
  if (look.value() == 0 || look.value("tcp_timestamps", 1) != 0) return "";
  return fmt::format("tcp_tw_reuse reuses nothing without timestamps, and tcp_timestamps is {}",
                     look.told("tcp_timestamps"));
}

// Said once, with the first of the three.
std::string needs_so_keepalive(const Look& look) {
  if (look.is_default()) return "";
  for (const char* name : {"tcp_keepalive_time", "tcp_keepalive_intvl", "tcp_keepalive_probes"}) {
    const Setting* other = look.is_default(name) ? nullptr : look.set(name);
    if (other && other->key != look.setting.key &&
        is_before(other->place, look.setting.place, look.files))
      return "";
  }
  return "tcp_keepalive_* counts for sockets with SO_KEEPALIVE only: an idle connection of a "
         "program that does not set it is never probed";
}

std::string lacking(const Look& look) {
  if (look.in_force.sysctls.contains(look.setting.key)) return "";
  const TcpSysctl* sysctl = find_timer_sysctl(look.setting.key);
  return fmt::format("Linux {} has no {}, which came with {}: sysctl(8) refuses this line there",
                     to_string(look.in_force.kernel.version), sysctl->name(),
                     to_string(sysctl->since));
}

struct Known {
  std::string_view name;
  Says says;
};
constexpr std::array known{
    Known{"tcp_fin_timeout", not_time_wait},
    Known{"tcp_fin_timeout", longer_is_shorter},
    Known{"tcp_orphan_retries", zero_is_eight},
    Known{"tcp_orphan_retries", only_orphans},
    Known{"tcp_orphan_retries", time_not_packets},
    Known{"tcp_retries2", time_not_packets},
    Known{"tcp_syn_retries", linear_timeouts_add},
    Known{"tcp_syn_linear_timeouts", linear_timeouts_add},
    Known{"tcp_tw_reuse", reuse_needs_timestamps},
    Known{"tcp_keepalive_time", needs_so_keepalive},
    Known{"tcp_keepalive_intvl", needs_so_keepalive},
    Known{"tcp_keepalive_probes", needs_so_keepalive},
};

}  // namespace

InForce in_force(const SysctlFiles& files, const TuneKernel& kernel) {
  InForce result{.kernel = kernel, .sysctls = kernel_defaults(kernel.version)};
  for (auto& [key, value] : result.sysctls) {
    const auto found = files.settings.find(key);
    if (found != files.settings.end()) value = found->second.value;
  }
  return result;
}

std::vector<Remark> advice(const SysctlFiles& files, const InForce& in_force,
                           const std::vector<std::string>& only) {
  const auto is_asked_for = [&](const std::string& key) {
    return only.empty() || std::ranges::any_of(only, [&](const std::string& name) {
             return governs(key, *find_behaviour(name));
           });
  };
  std::vector<Remark> remarks;
  for (const auto& [key, setting] : files.settings) {
    if (!is_asked_for(key)) continue;
    const Look look{files, in_force, setting};
    const auto add = [&](std::string what) {
      if (!what.empty()) remarks.push_back({setting.place, std::move(what)});
    };
    add(lacking(look));
    if (!in_force.sysctls.contains(key)) continue;
    for (const Known& one : known)
      if (key == fmt::format("net.ipv4.{}", one.name)) add(one.says(look));
  }
  std::ranges::stable_sort(remarks, [&](const Remark& a, const Remark& b) {
    return is_before(a.place, b.place, files);
  });
  return remarks;
}

}  // namespace faultline
