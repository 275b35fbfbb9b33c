// What a guest tells its host, through a file that only grows: frames of a head and a body. The head
// is a line, "KIND JOB SIZE\n", the body so many bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/util/error.hpp"

namespace faultline {

struct Frame {
  enum class Kind : uint8_t {
    up,      // the guest runs; the body is its kernel's release, its HZ, and a line for each option
             // of the kernel that cases need and it lacks: "6.12.117 250\nCONFIG_VETH"
    began,   // a job is under way
    trace,   // a job is over; the body is its trace
    failed,  // a job is over without one; the body says why
    done,    // all jobs are over; the body is how long the guest ran by its own clock, in nanoseconds
  };
  Kind kind = Kind::up;
  size_t job = 0;  // index into the plan; 0 where the frame is not about one
  std::string body;

  [[nodiscard]] bool operator==(const Frame&) const = default;
};

[[nodiscard]] std::string encode(const Frame& frame);

// Puts frames together from pieces of any size.
class FrameReader {
 public:
  // A trace is bounded by its number of events (some 300 MB at most).
  static constexpr size_t most_body = size_t{1} << 29;

  // Calls `on_frame` for each frame that is whole by now. An Error: what came is no frame, and
  // nothing after it can be understood; every later call fails too.
  [[nodiscard]] Result<void> feed(std::string_view bytes,
                                  const std::function<void(Frame)>& on_frame);

 private:
  std::string pending_;
  bool broken_ = false;
};

}  // namespace faultline
