// The kernels that `faultline tune` predicts for and measures on.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "harness/cli/choose_kernel.hpp"
#include "harness/tune/report.hpp"

namespace faultline {

struct TuningKernel {
  TuneKernel kernel;
  ChosenKernel chosen;  // to measure on; nothing to run where it is only predicted
};

// For predictions alone: nothing needs to be there. Without a name it is a Linux of the version
// that is recommended. `hz` counts where the name does not say it; 0: Debian's 250. An error has
// been printed, and is the exit code.
[[nodiscard]] std::expected<std::vector<TuningKernel>, int> kernels_to_predict_for(
    const std::vector<std::string>& names, int hz);

// Without a name it is the one that `faultline run` chooses.
[[nodiscard]] std::expected<std::vector<TuningKernel>, int> kernels_to_measure_on(
    const std::vector<std::string>& names, const std::string& modules, int hz);

}  // namespace faultline
