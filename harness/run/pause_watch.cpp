#include "harness/run/pause_watch.hpp"

namespace faultline {
namespace {
constexpr size_t most_pauses = 100'000;

Nanos now() { return std::chrono::steady_clock::now().time_since_epoch(); }
}  // namespace

PauseWatch::PauseWatch() : thread_([this] { watch(); }) {}

PauseWatch::~PauseWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void PauseWatch::watch() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const Nanos asleep = now();
    stopped_.wait_for(lock, interval);
    const Nanos awake = now();
    const Nanos late = awake - asleep - interval;
    if (late > noticeable && pauses_.size() < most_pauses) pauses_.push_back({awake, late});
  }
}

std::vector<Pause> PauseWatch::between(Nanos from, Nanos to) const {
  const std::lock_guard lock(mutex_);
  std::vector<Pause> found;
  for (const Pause& pause : pauses_)
    if (pause.end >= from && pause.end - pause.length <= to) found.push_back(pause);
  return found;
}

}  // namespace faultline
