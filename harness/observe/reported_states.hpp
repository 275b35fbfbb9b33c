// The states of an end whose driver tells them: the answers to an Observer's looks.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "harness/observe/sock_diag.hpp"
#include "harness/tcp/segment.hpp"

namespace faultline {

class ReportedStates {
 public:
  void set(const Endpoint& local, const Endpoint& remote, TcpState state);
  // As last told; none where nothing was, or the connection is gone.
  [[nodiscard]] StateReading look(const Endpoint& local, const Endpoint& remote) const;

 private:
  static constexpr size_t most_connections = 100'000;
  std::map<std::pair<Endpoint, Endpoint>, TcpState> states_;
};

}  // namespace faultline
