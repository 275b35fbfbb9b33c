#include "harness/run/guest.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <map>

#include "harness/drive/spawn.hpp"
#include "harness/kernel/frames.hpp"
#include "harness/kernel/qemu_guest.hpp"
#include "harness/run/guest_plan.hpp"
#include "harness/run/start_time.hpp"
#include "harness/run/worker.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/clock.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/probe.hpp"
#include "harness/world/try_options.hpp"

namespace faultline {
namespace {

constexpr auto work_folder = "/run";
constexpr size_t most_complaint = 4096;

Result<void> mount_all() {
  struct Mount {
    const char *type, *at;
  };
  for (const auto& [type, at] : {Mount{"proc", "/proc"}, {"sysfs", "/sys"}, {"tmpfs", work_folder}}) {
    mkdir(at, 0755);
    if (mount(type, at, type, 0, nullptr) != 0 && errno != EBUSY)
      return fail_errno("mounting {} on {}", type, at);
  }
  return {};
}

// The host reads what it wants while it grows.
class Channel {
 public:
  static Result<Channel> open(const std::string& path) {
    Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd) return fail_errno("opening {}", path);
    return Channel(std::move(fd));
  }
  void send(const Frame& frame) {
    const std::string bytes = encode(frame);
    for (size_t done = 0; done < bytes.size();) {
      const ssize_t put = write(fd_.get(), bytes.data() + done, bytes.size() - done);
      if (put <= 0) return;  // nobody is left to be told
      done += static_cast<size_t>(put);
    }
    // From this kernel's page cache to the host, not to the disk; a device has neither.
    (void)sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  }

 private:
  explicit Channel(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

// What a worker leaves: its trace, and what it said on standard error.
std::string trace_of(size_t job) {
  return fmt::format("{}/{}.json", work_folder, job);
}
std::string words_of(size_t job) {
  return fmt::format("{}/{}.err", work_folder, job);
}

[[noreturn]] void be_the_worker(Job job, const std::string& words) {
  const int fd = open(words.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || dup2(fd, STDERR_FILENO) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) _exit(70);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (unshare(CLONE_NEWNET) != 0) {
    fmt::print(stderr, "making a network namespace: {}\n", std::strerror(errno));
    _exit(70);
  }
  const int code = play_job(job);
  std::fflush(nullptr);
  _exit(code);
}

class Guest {
 public:
  Guest(GuestPlan plan, Channel channel) : plan_(std::move(plan)), channel_(std::move(channel)) {
    utsname name{};
    uname(&name);
    std::string what = fmt::format("{} {}", name.release, kernel_hz());
    if (plan_.try_options) {
      const auto lacks = options_found_missing();
      for (const std::string& option : lacks) what += "\n" + option;
      if (!lacks.empty()) plan_.jobs.clear();
    }
    channel_.send({Frame::Kind::up, 0, what});
  }

  void run() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, nullptr);
    for (start_more(); !running_.empty(); start_more()) {
      const Nanos left = std::max(next_deadline() - monotonic_now(), Nanos(0));
      const timespec wait{.tv_sec = left / 1s, .tv_nsec = (left % 1s).count()};
      sigtimedwait(&child, nullptr, &wait);
      reap();
      kill_what_is_stuck();
    }
    channel_.send({Frame::Kind::done, 0, std::to_string(monotonic_now().count())});
  }

 private:
  struct Running {
    size_t job = 0;
    Nanos deadline{};
    bool stuck = false;
  };

  void start_more() {
    while (next_ < plan_.jobs.size() && running_.size() < plan_.side_by_side) start(next_++);
  }
  void start(size_t number) {
    const GuestJob& one = plan_.jobs[number];
    Job job = one.job;
    job.trace_file = trace_of(number);
    channel_.send({Frame::Kind::began, number, ""});
    const pid_t worker = fork();
    if (worker == 0) be_the_worker(std::move(job), words_of(number));
    if (worker < 0)
      return channel_.send({Frame::Kind::failed, number,
                            fmt::format("starting a worker: {}", std::strerror(errno))});
    running_[worker] = {number, next_start(monotonic_now(), kernel_hz()) + one.longest};
  }
  Nanos next_deadline() const {
    Nanos first = Nanos::max();
    for (const auto& [pid, one] : running_) first = std::min(first, one.deadline);
    return first;
  }
  void reap() {
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      const auto found = running_.find(pid);  // else a driver whose worker is gone
      if (found == running_.end()) continue;
      report(found->second, status);
      running_.erase(found);
    }
  }
  void report(const Running& one, int status) {
    const auto say = [&](Frame::Kind kind, std::string body) {
      channel_.send({kind, one.job, std::move(body)});
    };
    const auto words = read_file(words_of(one.job), most_complaint).value_or("");
    if (one.stuck) {
      say(Frame::Kind::failed, fmt::format("stuck: killed after {}",
                                           format_duration(plan_.jobs[one.job].longest)));
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      say(Frame::Kind::failed, words.empty() ? "the worker " + drive::describe_status(status) : words);
    } else if (auto trace = read_file(trace_of(one.job), FrameReader::most_body); !trace) {
      say(Frame::Kind::failed, trace.error().what);
    } else {
      say(Frame::Kind::trace, std::move(*trace));
    }
    unlink(trace_of(one.job).c_str());
    unlink(words_of(one.job).c_str());
  }
  void kill_what_is_stuck() {
    for (auto& [pid, one] : running_) {
      if (one.deadline > monotonic_now()) continue;
      one.stuck = true;
      one.deadline = Nanos::max();
      kill(pid, SIGKILL);
    }
  }

  GuestPlan plan_;
  Channel channel_;
  size_t next_ = 0;
  std::map<pid_t, Running> running_;
};

Result<void> work(const std::string& plan_file, const std::string& channel_path) {
  const auto text = read_file(plan_file, FrameReader::most_body);
  if (!text) return std::unexpected(text.error());
  auto plan = plan_from_text(*text);
  if (!plan) return std::unexpected(plan.error());
  if (auto ready = prepare_qemu_guest(channel_path); !ready) return ready;
  auto channel = Channel::open(channel_path);  // before anything is mounted over it
  if (!channel) return std::unexpected(channel.error());
  if (auto done = mount_all(); !done) return done;
  Guest(std::move(*plan), std::move(*channel)).run();
  return {};
}

}  // namespace

int run_guest(const std::string& plan, const std::string& channel) {
  if (getpid() != 1) {
    fmt::print(stderr, "faultline: 'guest' is the first process of a machine of its own\n");
    return 64;
  }
  const auto done = work(plan, channel);
  if (!done) fmt::print("faultline: {}\n", done.error().what);
  std::fflush(nullptr);
  sync();
  reboot(RB_POWER_OFF);
  return 70;
}

}  // namespace faultline
