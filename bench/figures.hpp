// What is measured. Each prints its figures with their targets.
#pragma once

#include <string>

#include "harness/util/error.hpp"

namespace faultline::bench {

// Segments a second through the wire, against a bare loop.
[[nodiscard]] Result<void> measure_throughput();
// How late the delay injector is.
[[nodiscard]] Result<void> measure_delay();
// The memory of a world's processes while many are up.
[[nodiscard]] Result<void> measure_memory();
// The suite's wall time against its longest case's.
[[nodiscard]] Result<void> measure_suite();

// "name     value (target: …)": one line of the result.
void print_figure(const char* name, const std::string& value, const std::string& target = {});

}  // namespace faultline::bench
