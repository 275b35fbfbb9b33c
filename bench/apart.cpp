#include "bench/apart.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <span>

#include "harness/util/fd.hpp"
#include "harness/world/isolation.hpp"

namespace faultline::bench {
namespace {

void write_all(int fd, const Figures& figures) {
  const auto bytes = std::as_bytes(std::span(figures));
  for (size_t at = 0; at < bytes.size();) {
    const ssize_t done = write(fd, bytes.data() + at, bytes.size() - at);
    if (done <= 0) _exit(1);
    at += static_cast<size_t>(done);
  }
}

[[noreturn]] void measure(const std::function<Figures()>& body, int out) {
  const auto code = run_isolated([&] {
    try {
      write_all(out, body());
      return 0;
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
      return 1;
    }
  });
  if (!code) fmt::print(stderr, "{}\n", code.error().what);
  _exit(code ? *code : 77);
}

}  // namespace

Result<Figures> measure_apart(const std::function<Figures()>& body) {
  int ends[2];
  if (pipe(ends) != 0) return fail_errno("making a pipe");
  const Fd in(ends[0]);
  Fd out(ends[1]);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child < 0) return fail_errno("starting a process");
  if (child == 0) measure(body, out.get());
  out.reset();
  Figures figures;
  double figure = 0;
  while (read(in.get(), &figure, sizeof figure) == sizeof figure) figures.push_back(figure);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0 || figures.empty()) return fail("nothing was measured (status {})", status);
  return figures;
}

double percentile(Figures figures, double part) {
  std::ranges::sort(figures);
  const double rank = std::ceil(part * static_cast<double>(figures.size()));
  return figures[static_cast<size_t>(std::max(rank, 1.0)) - 1];
}

}  // namespace faultline::bench
