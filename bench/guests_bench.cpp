// bench_guests [--kernel NAME] [suite] [boot] [case] [memory] [idle]: what guests with virtual time
// cost, of uml-6.12 where no other is named. All of them where none is named. For an idle machine;
// the program `faultline` is beside this one.
#include <array>
#include <string>

#include "bench/figures.hpp"

int main(int count, char** words) {
  using namespace faultline::bench;
  std::vector<std::string_view> names(words + 1, words + count);
  std::string kernel = "uml-6.12";
  if (names.size() >= 2 && names[0] == "--kernel") {
    kernel = names[1];
    names.erase(names.begin(), names.begin() + 2);
  }
  const auto of_kernel = [&](faultline::Result<void> (*one)(const std::string&)) {
    return [one, &kernel] { return one(kernel); };
  };
  const std::array<Measurement, 5> measurements{{{"suite", of_kernel(measure_guest_suite)},
                                                 {"boot", of_kernel(measure_guest_boot)},
                                                 {"case", of_kernel(measure_guest_case)},
                                                 {"memory", of_kernel(measure_guest_memory)},
                                                 {"idle", of_kernel(measure_guest_idle)}}};
  return measure("bench_guests [--kernel NAME]", measurements, names);
}
