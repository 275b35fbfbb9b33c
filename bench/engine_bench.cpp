// What a segment costs before the kernel is asked for anything: parse, track and decide, with 50
// rules loaded of which none selects it.
#include <benchmark/benchmark.h>

#include "bench/many_rules.hpp"
#include "injectors/engine.hpp"
#include "injectors/parse.hpp"
#include "injectors/tracker.hpp"
#include "tests/injectors/packets.hpp"

namespace faultline {
namespace {

using testing::default_address, testing::make_packet, testing::PacketSpec;

// A client that sends and a server that acknowledges; segments alternate.
class Stream {
 public:
  Stream(int version, size_t payload) {
    tracker_.expect_connect(End::client, "main");
    (void)tracker_.track(parse_segment(make_packet({.version = version}))->segment);
    const PacketSpec server{.version = version,
                            .source = default_address(version, 2),
                            .destination = default_address(version, 1),
                            .source_port = 80,
                            .destination_port = 40000};
    PacketSpec answer = server;
    answer.seq = 5000;
    answer.ack = 1001;
    answer.flags = Flags::syn | Flags::ack;
    (void)tracker_.track(parse_segment(make_packet(answer))->segment);
    // The same bytes again and again would be retransmissions: a stream of many segments instead.
    for (uint32_t i = 0; i < 4096; ++i) {
      const auto seq = static_cast<uint32_t>(1001 + i * payload);
      packets_.push_back(make_packet(
          {.version = version, .seq = seq, .ack = 5001, .flags = Flags::ack, .payload = payload}));
      answer.seq = 5001;
      answer.ack = static_cast<uint32_t>(seq + payload);
      answer.flags = Flags::ack;
      packets_.push_back(make_packet(answer));
    }
  }
  const testing::Bytes& next() { return packets_[at_++ % packets_.size()]; }
  Tracker& tracker() { return tracker_; }

 private:
  Tracker tracker_{{std::vector{default_address(4, 1), default_address(6, 1)},
                    std::vector{default_address(4, 2), default_address(6, 2)}}};
  std::vector<testing::Bytes> packets_;
  size_t at_ = 0;
};

void parse(benchmark::State& state) {
  Stream stream(static_cast<int>(state.range(0)), static_cast<size_t>(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(parse_segment(stream.next()));
}

void parse_track_decide(benchmark::State& state) {
  Stream stream(static_cast<int>(state.range(0)), static_cast<size_t>(state.range(1)));
  Engine engine(bench::many_rules(static_cast<size_t>(state.range(2))));
  SegmentId id = 0;
  for (auto _ : state) {
    const testing::Bytes& packet = stream.next();
    const auto parsed = parse_segment(packet);
    const SegmentFacts facts = stream.tracker().track(parsed->segment);
    const Nanos now(++id);
    benchmark::DoNotOptimize(engine.on_segment({id, packet, parsed->segment, facts}, now));
    benchmark::DoNotOptimize(engine.take_emissions());
    benchmark::DoNotOptimize(engine.wake());
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(parse)->ArgNames({"ip", "payload"})->Args({4, 100})->Args({4, 1460})->Args({6, 1440});
BENCHMARK(parse_track_decide)
    ->ArgNames({"ip", "payload", "rules"})
    ->Args({4, 100, 0})
    ->Args({4, 100, 50})
    ->Args({4, 1460, 50})
    ->Args({6, 1440, 50});

}  // namespace
}  // namespace faultline
