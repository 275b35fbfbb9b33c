// What is measured. Each prints its figures with their targets.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

// Of guests with virtual time, on the kernel of this name ("uml-6.12"):
// the suite's wall time against its virtual time;
[[nodiscard]] Result<void> measure_guest_suite(const std::string& kernel);
// from the program's start to a guest's first case;
[[nodiscard]] Result<void> measure_guest_boot(const std::string& kernel);
// the processor's time for one more short case;
[[nodiscard]] Result<void> measure_guest_case(const std::string& kernel);
// the memory of a guest's processes;
[[nodiscard]] Result<void> measure_guest_memory(const std::string& kernel);
// a connection that is idle for 24 days.
[[nodiscard]] Result<void> measure_guest_idle(const std::string& kernel);

// "name     value (target: …)": one line of the result.
void print_figure(const std::string& name, const std::string& value,
                  const std::string& target = {});

struct Measurement {
  std::string_view name;
  std::function<Result<void>()> run;
};

// Those that `names` name, all of them where it names none. Returns the program's exit code.
[[nodiscard]] int measure(std::string_view program, std::span<const Measurement> measurements,
                          const std::vector<std::string_view>& names);

}  // namespace faultline::bench
