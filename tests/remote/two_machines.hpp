// Two machines for a test: the calling thread's namespace and another, with a link between them.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>

#include "harness/tcp/segment.hpp"
#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"
#include "tests/cli/process.hpp"

namespace faultline::test {

inline constexpr const char* here_v4 = "10.77.0.1";
inline constexpr const char* there_v4 = "10.77.0.2";
inline constexpr const char* there_v6 = "fd77::2";

class TwoMachines {
 public:
  // In a namespace that is new (tests/world/worker.hpp). Throws where it cannot be made.
  TwoMachines();
  ~TwoMachines();
  TwoMachines(const TwoMachines&) = delete;
  TwoMachines& operator=(const TwoMachines&) = delete;

  // A file with a token that is good, in a folder that is gone afterwards.
  [[nodiscard]] std::string token() const { return folder_ + "/token"; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  // A program over there.
  [[nodiscard]] ProcessOptions over_there() const;
  // `faultline driver` over there, once it listens at this address and the usual port.
  [[nodiscard]] std::unique_ptr<Process> driver(const std::string& address) const;

  [[nodiscard]] int netns() const { return there_.get(); }

 private:
  Fd there_;
  std::string folder_;
};

inline const std::string program = FAULTLINE_BINARY_DIR "/faultline";
inline const std::string good_token = "a token that is long enough";

// A socket that listens, one that connects; what goes wrong throws.
[[nodiscard]] Fd listen_on(const Endpoint& at);
[[nodiscard]] Fd begin_connect(const Endpoint& to);
// Whether the socket can be written within that time, and has no error.
[[nodiscard]] bool is_connected(const Fd& socket, milliseconds within);

}  // namespace faultline::test
