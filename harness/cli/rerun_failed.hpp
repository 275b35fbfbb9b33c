// --rerun-failed: what failed in a former run, once more.
#pragma once

#include <expected>

#include "harness/cli/commands.hpp"

namespace faultline {

// Makes of the arguments those of the variants that were FAIL, XPASS, ERROR or INCONCLUSIVE in the
// run that `arguments.rerun_failed` names: with its kernels, stacks, sysctls, timing scale and
// seed, where the arguments do not say otherwise. What that run called by a relative path is
// looked for where it was started, then here. False, and said so, where nothing failed. On an
// error it has been printed, and the result is the exit code.
[[nodiscard]] std::expected<bool, int> ask_for_failed_again(RunArguments& arguments);

}  // namespace faultline
