// The command that runs one variant again.
#pragma once

#include <string>

#include "harness/cli/kernel_run.hpp"

namespace faultline {

[[nodiscard]] std::string rerun_command(const Variant& variant, const std::string& kernel,
                                        const RunSetting& setting);

}  // namespace faultline
