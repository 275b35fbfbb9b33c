// The interceptor: takes each packet from the queue, asks the engine, carries out what it says, and
// records it. The only place where the engine meets the kernel.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/trace/trace.hpp"
#include "harness/wire/emitter.hpp"
#include "harness/wire/packet_queue.hpp"
#include "injectors/engine.hpp"
#include "injectors/tracker.hpp"

namespace faultline {

// Who watches the wire: a run. Called from within the loop; must not destroy the wire.
class WireWatcher {
 public:
  virtual ~WireWatcher() = default;
  // Whether `before`, `after` and `emitted` do anything: each verdict then takes effect at once.
  [[nodiscard]] virtual bool looks() const = 0;
  // A segment is about to be decided about; the states that its rules ask for go into `facts`.
  virtual void before(SegmentFacts& facts) = 0;
  // It was delivered, dropped or held, and whatever it changed at an end is visible now.
  virtual void after(const SegmentFacts& facts) = 0;
  // A packet that was held or delayed has just been delivered.
  virtual void emitted() = 0;
  virtual void record(Event event) = 0;
};

class Wire {
 public:
  // A stall of the loop longer than this is recorded.
  static constexpr Nanos noticeable_stall = 1ms;

  // `ports`: the wire's interface toward each end. Everything given by reference must outlive this.
  Wire(boost::asio::io_context& context, PacketQueue queue, Emitter emitter,
       std::array<Port, 2> ports, Engine& engine, Tracker& tracker, WireWatcher& watcher);

  // `epoch`: CLOCK_MONOTONIC at the beginning of the run, from which all times are counted.
  // It lets each segment wait for `thought` before it decides about it.
  void start(Nanos epoch, Nanos thought = {});
  // The case's own unplug and plug.
  void link(bool up);
  // A step of the case is over.
  void step_over(int step);
  // A step of the case asks for a fault on this connection. An Error where it was never seen.
  Result<void> inject(Injector& injector, const std::string& connection);

  // Records the trouble that segments were lost between the kernel and this loop, once. The loop
  // calls it when the kernel says so, the run at its end: a full queue says nothing.
  void check_losses();

 private:
  void wait_for_packets();
  void take_and_wait();
  void take_packets();
  void take(const QueuedPacket& packet);
  void take_segment(const QueuedPacket& packet, const Segment& segment, size_t header_length);
  void take_odd(const QueuedPacket& packet, std::string_view why);
  void carry_out(const QueuedPacket& packet, Fate fate);
  void emit(Nanos now);
  void record(const Emission& emission, Nanos when);
  void arm();
  void on_timer();
  [[nodiscard]] Nanos now() const;

  PacketQueue queue_;
  Emitter emitter_;
  std::array<Port, 2> ports_;
  Engine& engine_;
  Tracker& tracker_;
  WireWatcher& watcher_;
  Nanos epoch_{}, thought_{}, last_act_{}, last_queued_{};
  uint64_t last_id_ = 0;
  bool losses_recorded_ = false;
  boost::asio::posix::stream_descriptor readable_;
  boost::asio::steady_timer timer_, thinking_;
  std::optional<Nanos> armed_;
  const Arrival* changing_ = nullptr;  // while what crosses in its place is sent
};

}  // namespace faultline
