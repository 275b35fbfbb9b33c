#include "harness/wire/wire.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "injectors/parse.hpp"

namespace faultline {
namespace {

constexpr size_t kept_of_odd_packets = 128;
constexpr int most_batches = 8;

std::vector<std::byte> first_bytes(std::span<const std::byte> bytes, size_t most) {
  const auto kept = bytes.first(std::min(bytes.size(), most));
  return {kept.begin(), kept.end()};
}

}  // namespace

Wire::Wire(boost::asio::io_context& context, PacketQueue queue, Emitter emitter,
           std::array<Port, 2> ports, Engine& engine, Tracker& tracker, WireWatcher& watcher)
    : queue_(std::move(queue)),
      emitter_(std::move(emitter)),
      ports_(ports),
      engine_(engine),
      tracker_(tracker),
      watcher_(watcher),
      readable_(context, dup(queue_.fd())),
      timer_(context),
      thinking_(context) {}

Nanos Wire::now() const {
  return std::chrono::steady_clock::now().time_since_epoch() - epoch_;
}

void Wire::start(Nanos epoch, Nanos thought) {
  epoch_ = epoch;
  thought_ = thought;
  wait_for_packets();
}

void Wire::link(bool up) {
  engine_.link(up, now());
  watcher_.record(LinkEvent{now(), up});
  emit(now());
  arm();
}

void Wire::step_over(int step) {
  last_act_ = now();  // what the next step's call sends is younger
  engine_.on_step(step, now());
}

Result<void> Wire::inject(Injector& injector, const std::string& connection) {
  const Seen* seen = tracker_.seen(connection);
  if (!seen) return fail("no segment of connection '{}' has been seen yet", connection);
  engine_.on_demand(injector, *seen, now());
  emit(now());
  return {};
}

void Wire::wait_for_packets() {
  readable_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                         if (error) return;
                         if (thought_ == 0ns) return take_and_wait();
                         thinking_.expires_after(thought_);
                         thinking_.async_wait([this](const boost::system::error_code& stopped) {
                           if (!stopped) take_and_wait();
                         });
                       });
}

void Wire::take_and_wait() {
  take_packets();
  if (queue_.overran()) check_losses();
  arm();
  wait_for_packets();
}

// A few batches for each turn of the loop, so that timers and drivers have theirs under a flood.
void Wire::take_packets() {
  bool more = true;
  for (int batch = 0; more && batch < most_batches; ++batch) {
    more = queue_.drain([this](const QueuedPacket& packet) { take(packet); });
    queue_.flush();
  }
}

void Wire::check_losses() {
  if (losses_recorded_) return;
  const uint64_t lost = queue_.lost();
  if (lost == 0) return;
  losses_recorded_ = true;
  watcher_.record(TroubleEvent{
      now(), TroubleEvent::Kind::inconclusive,
      fmt::format("the queue overran: the kernel dropped packets of its own accord ({} so far)",
                  lost)});
}

void Wire::take(const QueuedPacket& packet) {
  const auto parsed = parse_segment(packet.bytes);
  if (parsed)
    take_segment(packet, parsed->segment, parsed->payload_offset);
  else
    take_odd(packet, to_string(parsed.error()));
}

void Wire::take_segment(const QueuedPacket& packet, const Segment& segment, size_t header_length) {
  const Nanos start = now();
  Nanos queued = packet.queued - epoch_;
  // Stamps are cut to whole microseconds: what follows from the harness's last act, or came behind
  // another segment, is not older than that.
  for (const Nanos before : {last_act_, last_queued_})
    if (before > queued && before - queued < 1us) queued = before;
  last_queued_ = queued;
  last_act_ = start;
  if (engine_.wake() && *engine_.wake() <= start) on_timer();
  if (start - queued > noticeable_stall) watcher_.record(StallEvent{start, start - queued});
  SegmentFacts facts = tracker_.track(segment);
  const bool looks = watcher_.looks();
  if (looks) watcher_.before(facts);
  const Arrival arrival{++last_id_, packet.bytes, segment, facts, tracker_.latest()};
  const Decision decision = engine_.on_segment(arrival, queued);
  carry_out(packet, decision.fate);
  if (decision.fate == Fate::pass) tracker_.passed(segment, facts.from);
  watcher_.record(SegmentEvent{queued, arrival.id, segment, facts,
                               std::string(to_string(decision.fate)), decision.rule,
                               first_bytes(packet.bytes, header_length)});
  changing_ = decision.fate == Fate::change ? &arrival : nullptr;
  emit(start);
  changing_ = nullptr;
  if (!looks) return;
  queue_.flush();
  watcher_.after(facts);
}

// What is no TCP segment, or no whole one, is nothing that a rule could name: it passes.
void Wire::take_odd(const QueuedPacket& packet, std::string_view why) {
  queue_.accept(packet.id);
  const End from =
      packet.in_interface == ports_[index(End::client)].ifindex ? End::client : End::server;
  watcher_.record(OddPacketEvent{packet.queued - epoch_, from, std::string(why),
                                 first_bytes(packet.bytes, kept_of_odd_packets)});
}

void Wire::carry_out(const QueuedPacket& packet, Fate fate) {
  if (fate == Fate::pass)
    queue_.accept(packet.id);
  else
    queue_.drop(packet.id);
}

void Wire::emit(Nanos time) {
  for (const Emission& emission : engine_.take_emissions()) {
    queue_.flush();
    const Nanos when = last_act_ = now();  // before it can be answered
    if (const auto sent = emitter_.send(emission.toward, emission.bytes); !sent) {
      watcher_.record(TroubleEvent{time, TroubleEvent::Kind::error, sent.error().what});
      continue;
    }
    record(emission, when);
    if (watcher_.looks()) watcher_.emitted();
  }
  for (std::string& why : engine_.take_troubles())
    watcher_.record(TroubleEvent{time, TroubleEvent::Kind::error, std::move(why)});
}

void Wire::record(const Emission& emission, Nanos when) {
  EmissionEvent event{.time = when,
                      .of = emission.of,
                      .toward = emission.toward,
                      .why = std::string(emission.why)};
  const auto parsed = parse_segment(emission.bytes);
  if (parsed)
    tracker_.sent_own(parsed->segment, emission.toward,
                      changing_ && emission.of == changing_->id ? &changing_->segment : nullptr);
  if (!emission.is_copy)
    event.head =
        first_bytes(emission.bytes, parsed ? parsed->payload_offset : kept_of_odd_packets);
  if (parsed) {
    event.segment = parsed->segment;
    event.facts = tracker_.facts_of_own(parsed->segment, emission.toward);
  }
  watcher_.record(std::move(event));
}

void Wire::arm() {
  const auto wake = engine_.wake();
  if (wake == armed_) return;
  armed_ = wake;
  if (!wake) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(std::chrono::steady_clock::time_point(epoch_ + *wake));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    armed_.reset();
    on_timer();
    arm();
  });
}

void Wire::on_timer() {
  const Nanos time = now();
  if (const auto due = engine_.wake(); due && time - *due > noticeable_stall)
    watcher_.record(StallEvent{time, time - *due});
  engine_.on_timer(time);
  emit(time);
}

}  // namespace faultline
