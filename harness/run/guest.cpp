#include "harness/run/guest.hpp"

#include <fcntl.h>
#include <linux/random.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <thread>
#include <vector>

#include "harness/drive/spawn.hpp"
#include "harness/kernel/frames.hpp"
#include "harness/kernel/qemu_guest.hpp"
#include "harness/run/guest_plan.hpp"
#include "harness/run/guest_worker.hpp"
#include "harness/run/start_time.hpp"
#include "harness/run/worker.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/clock.hpp"
#include "harness/util/fd.hpp"
#include "harness/world/device.hpp"
#include "harness/world/probe.hpp"
#include "harness/world/try_options.hpp"
#include "harness/world/world.hpp"

namespace faultline {
namespace {

constexpr auto work_folder = "/run";
constexpr size_t most_complaint = 4096;

Result<void> mount_all() {
  struct Mount {
    const char *type, *at;
  };
  for (const auto& [type, at] :
       {Mount{"proc", "/proc"}, {"sysfs", "/sys"}, {"tmpfs", work_folder}}) {
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

// In a worker: in a network namespace of its own, what it says on standard error going to `words`.
int play_apart(const Job& job, const std::string& words) {
  const Fd fd(open(words.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  if (!fd || dup2(fd.get(), STDERR_FILENO) < 0) return 70;
  if (unshare(CLONE_NEWNET) == 0) return play_job(job);
  fmt::print(stderr, "making a network namespace: {}\n", std::strerror(errno));
  return 70;
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
    for (start_more(); !running_.empty(); start_more()) {
      wait_for_news();
      kill_what_is_stuck();
    }
    channel_.send({Frame::Kind::done, 0, std::to_string(monotonic_now().count())});
  }

 private:
  struct Running {
    GuestWorker worker;
    size_t job = 0;
    Nanos deadline{};
    bool stuck = false;
  };

  void start_more() {
    while (next_ < plan_.jobs.size() && running_.size() < plan_.side_by_side) start(next_++);
  }
  void start(size_t number) {
    channel_.send({Frame::Kind::began, number, ""});
    auto worker = idle_worker();
    if (!worker) return channel_.send({Frame::Kind::failed, number, worker.error().what});
    worker->give(number);
    running_.push_back({std::move(*worker), number,
                        next_start(monotonic_now(), kernel_hz()) + plan_.jobs[number].longest});
  }
  Result<GuestWorker> idle_worker() {
    if (idle_.empty())
      return GuestWorker::start([this](size_t number) {
        Job job = plan_.jobs[number].job;
        job.trace_file = trace_of(number);
        return play_apart(job, words_of(number));
      });
    GuestWorker worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }
  // Until a job is over or the first deadline has come.
  void wait_for_news() {
    std::vector<pollfd> watched;
    Nanos first = Nanos::max();
    for (const Running& one : running_) {
      watched.push_back({.fd = one.worker.fd(), .events = POLLIN});
      first = std::min(first, one.deadline);
    }
    const Nanos left = std::max(first - monotonic_now(), Nanos(0));
    const timespec wait{.tv_sec = left / 1s, .tv_nsec = (left % 1s).count()};
    if (ppoll(watched.data(), watched.size(), &wait, nullptr) <= 0) return;
    for (size_t i = watched.size(); i-- > 0;)
      if (watched[i].revents != 0) finish(i);
  }
  void finish(size_t position) {
    Running one = std::move(running_[position]);
    running_.erase(running_.begin() + static_cast<ptrdiff_t>(position));
    if (one.stuck) {
      one.worker.end();
      report(one, "stuck: killed after " + format_duration(plan_.jobs[one.job].longest));
    } else if (const auto code = one.worker.result()) {
      report(one, *code == 0 ? "" : fmt::format("the worker exited with {}", *code));
      idle_.push_back(std::move(one.worker));
    } else {
      report(one, "the worker " + drive::describe_status(one.worker.end()));
    }
  }
  // `trouble` is "" where the job was played to its end.
  void report(const Running& one, const std::string& trouble) {
    const auto say = [&](Frame::Kind kind, std::string body) {
      channel_.send({kind, one.job, std::move(body)});
    };
    const auto words = read_file(words_of(one.job), most_complaint).value_or("");
    if (one.stuck) {
      say(Frame::Kind::failed,
          fmt::format("stuck: killed after {}", format_duration(plan_.jobs[one.job].longest)));
    } else if (!trouble.empty()) {
      say(Frame::Kind::failed, words.empty() ? trouble : words);
    } else if (auto trace = read_file(trace_of(one.job), FrameReader::most_body); !trace) {
      say(Frame::Kind::failed, trace.error().what);
    } else {
      say(Frame::Kind::trace, std::move(*trace));
    }
    unlink(trace_of(one.job).c_str());
    unlink(words_of(one.job).c_str());
  }
  void kill_what_is_stuck() {
    for (size_t i = running_.size(); i-- > 0;) {
      if (running_[i].deadline > monotonic_now()) continue;
      running_[i].stuck = true;
      finish(i);
    }
  }

  GuestPlan plan_;
  Channel channel_;
  size_t next_ = 0;
  std::vector<Running> running_;
  std::vector<GuestWorker> idle_;
};

// Some cannot be started while their clock says zero: those that are written in Go. The nap moves what
// follows by a nanosecond, so there is none where nobody needs it.
bool starts_programs(const GuestPlan& plan) {
  return std::ranges::any_of(plan.jobs,
                             [](const GuestJob& one) { return one.job.stack.has_value(); });
}

// A kernel before 6.2 waits for chance, of which a machine has none whose time is virtual; and with it
// whoever asks it for random numbers. Here nobody needs to be unable to guess them.
void provide_randomness() {
  char byte = 0;
  if (getrandom(&byte, 1, GRND_NONBLOCK) == 1) return;
  constexpr int bytes = 32;
  struct {
    int entropy_bits, size;
    std::array<char, bytes> content;  // rand_pool_info, random(4)
  } pool{.entropy_bits = 8 * bytes, .size = bytes, .content = {"faultline"}};
  const Fd device(open("/dev/urandom", O_RDWR | O_CLOEXEC));
  (void)ioctl(device.get(), RNDADDENTROPY, &pool);
}

Result<void> work(const std::string& plan_file, const std::string& channel_path) {
  const auto text = read_file(plan_file, FrameReader::most_body);
  if (!text) return std::unexpected(text.error());
  auto plan = plan_from_text(*text);
  if (!plan) return std::unexpected(plan.error());
  if (auto ready = prepare_qemu_guest(channel_path); !ready) return ready;
  auto channel = Channel::open(channel_path);  // before anything is mounted over it
  if (!channel) return std::unexpected(channel.error());
  if (auto done = mount_all(); !done) return done;
  provide_clone_device();
  if (starts_programs(*plan)) {
    provide_randomness();
    std::this_thread::sleep_for(1ms);
  }
  (void)set_defaults_of_worlds();  // saves work; each world sees to it that it has them
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
