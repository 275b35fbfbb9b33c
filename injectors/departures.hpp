// Held segments that leave at times of their own.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "injectors/injector.hpp"

namespace faultline {

class Departures {
 public:
  void add(Nanos when, Emission held) { held_.emplace(when, std::move(held)); }

  // Releases what is due, in the order of the times and, where these are equal, of arrival; tells
  // `leaves` of each.
  template <typename F>
  void release_due(Nanos now, std::string_view why, Outbox& out, F leaves) {
    while (!held_.empty() && held_.begin()->first <= now) {
      leaves(held_.begin()->second);
      out.release(std::move(held_.begin()->second), why);
      held_.erase(held_.begin());
    }
  }

  [[nodiscard]] std::optional<Nanos> next() const {
    if (held_.empty()) return {};
    return held_.begin()->first;
  }
  [[nodiscard]] size_t size() const { return held_.size(); }

 private:
  std::multimap<Nanos, Emission> held_;
};

}  // namespace faultline
