#include "harness/trace/trace.hpp"

namespace faultline {

Nanos time_of(const Event& event) {
  return std::visit([](const auto& e) { return e.time; }, event);
}

}  // namespace faultline
