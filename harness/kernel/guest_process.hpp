// A guest seen from its host: started, listened to, and killed when nothing is heard from it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "harness/kernel/frames.hpp"
#include "harness/kernel/launch.hpp"
#include "harness/util/time.hpp"

namespace faultline {

// How a guest ended. `trouble` is "" where it said that it was done.
struct GuestEnd {
  std::string trouble;  // "the guest's kernel panicked", "nothing was heard from the guest for 1min"
  std::string console;  // the end of what its console said
};

class GuestProcess {
 public:
  struct Callbacks {
    std::function<void(Frame)> on_frame;
    std::function<void(GuestEnd)> on_end;  // exactly once and last
  };

  // Killed after `longest_silence` of real time without a frame. The destructor kills and reaps; no
  // callback comes after it has begun. A callback may not destroy this object.
  GuestProcess(boost::asio::io_context& context, const Launch& launch, Nanos longest_silence,
               Callbacks callbacks);
  ~GuestProcess();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace faultline
