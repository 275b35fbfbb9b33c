// Follows the connections on the wire: what is known of a segment from those before it.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/tcp/segment.hpp"
#include "injectors/seen.hpp"

namespace faultline {

struct ConnectionTuple {
  Endpoint client, server;
  [[nodiscard]] bool operator==(const ConnectionTuple&) const = default;
};

struct Connection {
  std::string name;
  ConnectionTuple tuple;
  End opener = End::client;  // which end called connect(); in a simultaneous open the first SYN's
};

// A connection begins with a SYN that the harness expects, because a driver was told to connect().
// Sequence numbers are relative per connection and direction. A segment that fits no connection has
// no name and no relative numbers.
class Tracker {
 public:
  // The oldest is forgotten beyond this.
  static constexpr size_t most_tuples = 65'536;

  // The addresses of the ends, by index(End).
  explicit Tracker(std::array<std::vector<Address>, 2> addresses);

  // A connect() of that end is about to be made. The end's next SYN with an ISN that is not that of
  // a connection on the same 4-tuple takes the name. Several are served in the order of the calls.
  // For a simultaneous open expect the same name at both ends: the SYNs that cross on one 4-tuple
  // are one connection. The name of an earlier connection may be used again.
  void expect_connect(End end, std::string name);
  // The connect() is over. Where it sent no SYN (a local error), none is expected any more.
  void connect_over(End end, std::string_view name);

  // The facts of a segment, `states` excepted. To be called once for every segment, in the order of
  // their arrival, whatever becomes of them.
  //
  // A retransmission is a segment that takes sequence space and begins below the highest sequence
  // number that its sender has sent so far; right while a sender goes back less than 2^31 bytes.
  [[nodiscard]] SegmentFacts track(const Segment& segment);
  // The latest segment of `track` passed.
  void passed(const Segment& segment, End from);
  // The wire sent this segment, a copy or one of its own. Where it crossed in place of `original`, a
  // SYN that `track` was the last to see, its receiver counts otherwise from now on.
  void sent_own(const Segment& segment, End toward, const Segment* original);
  // What is known of a segment that the wire itself sends, which changes nothing here: the numbers
  // relative as the end that it goes to counts.
  [[nodiscard]] SegmentFacts facts_of_own(const Segment& segment, End toward) const;

  // What was seen of the connection that the latest segment of `track` belongs to; null where it
  // belongs to none. Good until the next call.
  [[nodiscard]] const Seen* latest() const { return latest_ ? &latest_->seen : nullptr; }
  // Of the connection that has this name now, or null.
  [[nodiscard]] const Seen* seen(std::string_view name) const;

  [[nodiscard]] std::optional<End> end_of(const Address& address) const;
  // The 4-tuple that this name took last.
  [[nodiscard]] std::optional<ConnectionTuple> tuple(std::string_view name) const;
  // One for each name, in the order in which the names were first seen.
  [[nodiscard]] const std::vector<Connection>& connections() const { return connections_; }
  // How many connections have begun. Where `track` has just raised it, its segment is the SYN that
  // began one, and its facts name it.
  [[nodiscard]] uint64_t begun() const { return begun_; }

 private:
  struct Flow {
    Seen seen;
    // By index(End): how often what begins at a sequence number was sent again.
    std::array<std::map<uint32_t, uint32_t>, 2> sent_again;
  };
  struct TupleHash {
    size_t operator()(const ConnectionTuple& tuple) const;
  };

  Flow* flow_of(const Segment& segment, End from, const ConnectionTuple& tuple);
  Flow* flow_of_syn(End from, const ConnectionTuple& tuple, Seq isn);
  Flow* begin(End from, const ConnectionTuple& tuple);
  static uint32_t count_retransmission(Flow& flow, End from, Seq seq);

  std::array<std::vector<Address>, 2> addresses_;
  std::array<std::deque<std::string>, 2> expected_;  // by index(End)
  std::unordered_map<ConnectionTuple, Flow, TupleHash> flows_;
  std::deque<ConnectionTuple> order_;  // of the flows, oldest first
  std::vector<Connection> connections_;
  Flow* latest_ = nullptr;
  uint64_t begun_ = 0;
};

}  // namespace faultline
