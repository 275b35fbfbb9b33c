// What the settings come to on a real kernel.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>

#include "harness/cli/terminal.hpp"
#include "harness/cli/tune_kernels.hpp"

namespace faultline {

struct Measuring {
  std::filesystem::path out;  // for traces
  bool slow = false;          // in real time, also what takes more than minutes
};

struct Measurements {
  std::string release;  // of the kernel that it was; "" where nothing ran
  int hz = 0;
  std::map<std::string, TuneCell> cells;  // by the behaviour's name: verdict, measured, within, why
  bool interrupted = false;
};

// Measures every row of the report on its kernel number `column`, with the settings of `files` that
// this kernel has. An error has been printed, and is the exit code.
[[nodiscard]] std::expected<Measurements, int> measure(const TuneReport& report, size_t column,
                                                       const TuningKernel& kernel,
                                                       const SysctlFiles& files,
                                                       const Measuring& how, Terminal& terminal);

}  // namespace faultline
