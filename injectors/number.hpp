// Sequence and acknowledgement numbers as case files write them, relative to what the wire has
// seen.
#pragma once

#include <cstdint>
#include <string>

#include "harness/util/error.hpp"
#include "harness/util/fields.hpp"
#include "injectors/seen.hpp"

namespace faultline {

// Written 1 (counted from the ISN), "next", "expected+5", "edge-1", "isn-1000", or "+5" and "-5"
// from what a segment says already.
struct Number {
  enum class Base : uint8_t {
    isn,       // the initial sequence number of the end whose stream is counted
    next,      // one past all that this end has sent
    expected,  // what the other end has said it expects next: its highest acknowledgement
    edge,      // the right edge of the window that the other end offers
    itself,    // what the segment at hand says
  };
  Base base = Base::isn;
  int64_t plus = 0;
};

// `of_segment`: there is a segment at hand, so that "+5" means something.
[[nodiscard]] FieldResult<Number> number_from(const nlohmann::json& value, const std::string& at,
                                              bool of_segment);

// By how many bits this end's windows are shifted, those in SYNs excepted: both SYNs must have offered
// it (RFC 7323 2.2).
[[nodiscard]] int scale_in_force(const SeenEnd& offering, const SeenEnd& peer);

// As the end that the segment goes to reads it. An Error where the wire has not seen what it is
// relative to.
[[nodiscard]] Result<Seq> sequence_number(const Number& number, const Seen& seen, End from,
                                          Seq itself = {});
[[nodiscard]] Result<Seq> acknowledgement_number(const Number& number, const Seen& seen, End from,
                                                 Seq itself = {});

}  // namespace faultline
