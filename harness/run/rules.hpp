// The injectors as the case reader and the engine know them.
#pragma once

#include <vector>

#include "harness/case/reader.hpp"
#include "harness/util/error.hpp"
#include "injectors/engine.hpp"

namespace faultline {

// What rules may name: every injector there is.
[[nodiscard]] const std::vector<FaultKind>& known_faults();

// The rules of a case with an injector each. The reader has checked the parameters; an Error is a
// case made by other means. `seed`: the run's, of which each rule's random numbers come.
[[nodiscard]] Result<std::vector<EngineRule>> make_rules(const Case& the_case, uint64_t seed);
[[nodiscard]] Result<std::unique_ptr<Injector>> make_injector(const std::string& fault,
                                                              const nlohmann::json& params,
                                                              uint64_t seed);

}  // namespace faultline
