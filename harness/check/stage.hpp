// Where a driver is checked: itself, a Linux driver to talk to, and the addresses of both.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/drive/driver.hpp"
#include "harness/world/attach.hpp"
#include "harness/world/world.hpp"

namespace faultline::check {

// The driver to be checked.
struct Subject {
  std::vector<std::string> argv;
  Attach attach = Attach::kernel;
  std::vector<std::string> families{"ipv4", "ipv6"};
  // What its stack.toml says that it can; nothing: it has none.
  std::optional<std::set<std::string>> supports;
  std::optional<bool> monotonic = {};  // its stamps are CLOCK_MONOTONIC
  bool tells_states = false;
};

struct Stage {
  // Of the driver and of its peer, by family: {"ipv4", "192.0.2.2"}.
  struct Places {
    std::string ipv4, ipv6;
    [[nodiscard]] const std::string& of(const std::string& family) const {
      return family == "ipv6" ? ipv6 : ipv4;
    }
  };
  Places here{"127.0.0.1", "::1"}, there{"127.0.0.1", "::1"};
  std::function<DriverCommand()> driver;
  std::function<DriverCommand()> peer;
  std::vector<std::string> families;  // that the driver has
  [[nodiscard]] bool has(const std::string& family) const {
    return std::ranges::find(families, family) != families.end();
  }
  std::shared_ptr<World> world;  // nothing: both are in this network namespace
};

// In the calling thread's network namespace, which must be a new one, as for World: a driver of the
// kernel's sockets on its loopback, any other at one end of a world of its own. A device serves one
// driver, so each stage is good for one.
[[nodiscard]] Result<Stage> build_stage(const Subject& subject);
// Brings the loopback up; once, before the first stage of a driver of the kernel's sockets.
[[nodiscard]] Result<void> bring_loopback_up();

}  // namespace faultline::check
