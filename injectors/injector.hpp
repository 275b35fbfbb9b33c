// One kind of fault. An injector decides about the segments that its rule selects; it owns no
// socket and no clock. One file each, and a line in injectors/kinds.hpp and injectors/list.cpp
// (docs/adding-an-injector.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/tcp/segment.hpp"
#include "harness/util/fields.hpp"
#include "harness/util/time.hpp"
#include "injectors/seen.hpp"

namespace faultline {

// Numbers the segments that arrive at the wire, from 1, in the order of their arrival.
using SegmentId = uint64_t;

// A segment at the wire. The bytes start at the IP header; they live as long as the call.
struct Arrival {
  SegmentId id = 0;
  std::span<const std::byte> bytes;
  const Segment& segment;
  const SegmentFacts& facts;
  const Seen* seen = nullptr;  // its connection, this segment included; null: it belongs to none
};

// What becomes of the original. `hold` means: a copy was taken, the original is dropped, the copy
// leaves later; an original that waited in the queue would stop its sender's retransmissions.
// `change`: something else crosses in its place, at once.
enum class Fate : uint8_t { pass, drop, hold, change };
[[nodiscard]] constexpr std::string_view to_string(Fate fate) {
  constexpr std::array<std::string_view, 4> words{"pass", "drop", "hold", "change"};
  return words[static_cast<size_t>(fate)];
}

// A packet that the wire itself sends.
struct Emission {
  SegmentId of = 0;  // the segment that it is a copy of or that brought it about; 0: none did
  End toward = End::client;
  std::vector<std::byte> bytes;
  std::string_view why;  // static text: "released", "duplicate"
  bool is_copy = true;   // false: the bytes are not those of the segment `of`
};

// Where an injector puts what else shall happen, after the verdict on the segment at hand. It also
// keeps count of what all injectors of one engine hold, so that together they hold no more than the
// bounds: every copy that is to leave later comes from `hold` and goes by `release`.
class Outbox {
 public:
  static constexpr size_t most_copies = 65'536;
  static constexpr size_t most_bytes = size_t{64} << 20;

  std::vector<Emission> emissions;
  std::vector<std::string> troubles;  // the first few
  std::optional<Nanos> cut_until;     // the link is cut in both directions until then

  // A copy to hold. Empty where it would exceed the bounds: let the original pass.
  [[nodiscard]] std::optional<Emission> hold(const Arrival& arrival);
  // Sends a held copy.
  void release(Emission held, std::string_view why);
  // Sends a copy now.
  void send(const Arrival& arrival, std::string_view why);
  // Sends something else in its place: for `Fate::change`.
  void change(const Arrival& arrival, std::vector<std::byte> bytes, std::string_view why);
  // Sends what the wire made itself; `because_of` is 0 where no segment brought it about.
  void forge(SegmentId because_of, End toward, std::vector<std::byte> bytes, std::string_view why);
  // The fault cannot be done, and so the run has no verdict: an ERROR with this reason.
  void trouble(std::string why);

  // How often there was no room.
  [[nodiscard]] uint64_t overruns() const { return overruns_; }

 private:
  size_t copies_ = 0, bytes_ = 0;
  uint64_t overruns_ = 0;
};

class Injector {
 public:
  virtual ~Injector() = default;

  // The rule selected this segment.
  virtual Fate on_match(const Arrival& arrival, Nanos now, Outbox& out) = 0;
  // A step of the case asks for the fault, without a segment: only of kinds that are `on_demand`.
  virtual void on_demand(const Seen&, Nanos /*now*/, Outbox&) {}
  // Once, before anything else: where its random numbers come from.
  virtual void seed(uint64_t) {}
  // Every segment that a rule could have decided about, whoever did, once its fate is known. Those
  // that an unplugged link lost are not among them.
  virtual void on_decided(const Arrival&, Fate, Nanos /*now*/, Outbox&) {}
  // `wake()` has come. Lets everything go that is due by then, so that `wake()` is later or empty.
  virtual void on_timer(Nanos /*now*/, Outbox&) {}
  // When it wants `on_timer`. Only `on_match` and `on_timer` may bring it forward.
  [[nodiscard]] virtual std::optional<Nanos> wake() const { return {}; }
  // How many segments it holds now. Held to the end of the run means the fault was never completed.
  [[nodiscard]] virtual size_t holding() const { return 0; }
};

struct InjectorKind {
  std::string name;  // the key in a rule
  // The key's value says which matches, like `nth` ("all", 2, "1-3"), and there are no parameters.
  bool value_is_nth = false;
  // Makes one from the key's value as JSON. A wrong value is an error at its pointer below `at`.
  FieldResult<std::unique_ptr<Injector>> (*make)(const nlohmann::json& value,
                                                 const std::string& at);
  bool on_demand = false;  // a step may ask for it
  // Random, so that no conformance can be judged by it: only in cases of the level `endurance`.
  bool endurance_only = false;
  // Why this value, which `make` accepts, means nothing with this version of IP; "" where it does.
  // Null: it always does.
  std::string (*refuse_ip)(const nlohmann::json& value, int version) = nullptr;
  // Keys of its table that mean something in a rule only, or in a step only; "": none.
  std::string rule_only = "", step_only = "";
  bool both_directions = false;  // its rule must not select one direction alone
};

// Every injector there is.
[[nodiscard]] std::span<const InjectorKind> injector_kinds();
// The one of that name, or null.
[[nodiscard]] const InjectorKind* find_injector(std::string_view name);

}  // namespace faultline
