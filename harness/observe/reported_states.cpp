#include "harness/observe/reported_states.hpp"

namespace faultline {

void ReportedStates::set(const Endpoint& local, const Endpoint& remote, TcpState state) {
  const std::pair key(local, remote);
  if (state == TcpState::CLOSED || state == TcpState::LISTEN)
    states_.erase(key);
  else if (states_.contains(key) || states_.size() < most_connections)
    states_[key] = state;
}

StateReading ReportedStates::look(const Endpoint& local, const Endpoint& remote) const {
  const auto found = states_.find({local, remote});
  if (found == states_.end()) return {};
  return {.state = found->second};
}

}  // namespace faultline
