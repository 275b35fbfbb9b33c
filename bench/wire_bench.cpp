// bench_wire [throughput] [delay] [memory] [suite]: what the harness itself costs. All of them
// where none is named. For an idle machine; the program `faultline` is beside this one.
#include <array>

#include "bench/figures.hpp"

int main(int count, char** words) {
  using namespace faultline::bench;
  const std::array<Measurement, 4> measurements{{{"throughput", measure_throughput},
                                                 {"delay", measure_delay},
                                                 {"memory", measure_memory},
                                                 {"suite", measure_suite}}};
  return measure("bench_wire", measurements, {words + 1, words + count});
}
