#include "harness/timers/plans.hpp"

#include <vector>

namespace faultline {

std::span<const NamedModel> all_models() {
  static const std::vector<NamedModel> models = [] {
    std::vector<NamedModel> all;
    for (const auto subject : {opening_models(), request_models(), data_models(), window_models(),
                               closing_models(), idle_models()})
      all.insert(all.end(), subject.begin(), subject.end());
    return all;
  }();
  return models;
}

}  // namespace faultline
