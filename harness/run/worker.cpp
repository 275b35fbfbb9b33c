#include "harness/run/worker.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <cstdio>

#include "harness/run/case_run.hpp"
#include "harness/run/rules.hpp"
#include "harness/trace/trace_json.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/isolation.hpp"

namespace faultline {
namespace {

constexpr size_t most_job = 8 << 20;

Result<Job> read_job() {
  std::string text;
  std::array<char, 65536> chunk{};
  for (ssize_t size; (size = read(STDIN_FILENO, chunk.data(), chunk.size())) > 0;) {
    text.append(chunk.data(), static_cast<size_t>(size));
    if (text.size() > most_job) return fail("the job is larger than {} bytes", most_job);
  }
  return job_from_json(text);
}

void say_ready(Nanos epoch) {
  const std::string line = fmt::format("ready {}\n", epoch.count());
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(70);
}

// A container may have /proc/sys for reading only, and every case sets what it needs.
Result<void> may_set_sysctls() {
  constexpr auto one = "/proc/sys/net/ipv4/tcp_syn_retries";
  if (Fd(open(one, O_WRONLY | O_CLOEXEC))) return {};
  return fail(
      "no case can set the sysctls of a network of its own: {}: {}. A container needs --privileged "
      "for it; --kernel uml-6.12 needs nothing",
      one, std::strerror(errno));
}

}  // namespace

int play_job(const Job& job, const std::function<void(Nanos)>& on_ready) {
  const auto the_case = read_case(job.case_text, job.case_file, job.case_id, known_faults());
  if (!the_case) {
    fmt::print(stderr, "{}\n", to_string(the_case.error()));
    return 70;
  }
  const Trace trace = run_case(*the_case, job, on_ready);
  if (const auto saved = save_trace(trace, job.trace_file); !saved) {
    fmt::print(stderr, "{}\n", saved.error().what);
    return 70;
  }
  return 0;
}

int run_worker(int parent) {
  // Ctrl-C goes to everybody in the terminal's process group. What it means is the parent's to say:
  // a driver that died of it would look like a fault of the case.
  std::signal(SIGINT, SIG_IGN);
  const auto job = read_job();
  if (!job) {
    fmt::print(stderr, "{}\n", job.error().what);
    return 70;
  }
  // This machine is the reference: its own network is the case's.
  if (job->stack && job->stack->remote) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || (parent != 0 && getppid() != parent)) return 70;
    return play_job(*job, say_ready);
  }
  const auto isolated = [&job]() -> int {
    if (const auto may = may_set_sysctls(); !may) {
      fmt::print(stderr, "{}\n", may.error().what);
      return 77;
    }
    return play_job(*job, say_ready);
  };
  const auto code = run_isolated(isolated, parent);
  if (!code) {
    fmt::print(stderr, "{}\n", code.error().what);
    return 77;
  }
  return *code;
}

}  // namespace faultline
