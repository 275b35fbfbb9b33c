// The smallest interceptor: a thread that answers every queued packet at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <thread>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline::test {

struct QueuedPacket {
  std::span<const std::byte> bytes;  // from the IP header on
  bool checksum_unfinished = false;  // the kernel left the TCP checksum to a network card
  bool super_packet = false;         // several segments in one

  [[nodiscard]] uint8_t at(size_t offset) const;  // 0 beyond the end
  [[nodiscard]] uint8_t protocol() const;
  [[nodiscard]] uint8_t tcp_flags() const;  // 0 where it is no TCP
};

class AcceptLoop {
 public:
  // Says of each packet whether it may pass; called in the loop's thread.
  using Judge = std::function<bool(const QueuedPacket&)>;

  // In the calling thread's network namespace, on queue 0. Every packet passes where no judge is
  // given.
  explicit AcceptLoop(Judge judge = {});
  ~AcceptLoop();
  AcceptLoop(const AcceptLoop&) = delete;
  AcceptLoop& operator=(const AcceptLoop&) = delete;

 private:
  void run(std::stop_token stop);
  struct Socket;
  Judge judge_;
  std::unique_ptr<Socket> socket_;
  Fd wake_;
  std::jthread thread_;
};

}  // namespace faultline::test
