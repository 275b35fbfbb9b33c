// The kernel's end of the wire: one NFQUEUE of the network namespace in which it is opened.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"
#include "harness/util/time.hpp"

struct nlmsghdr;

namespace faultline {

// A packet that waits for its verdict. The bytes start at the IP header and live as long as the
// handler that is given them.
struct QueuedPacket {
  uint32_t id = 0;
  int in_interface = 0;
  std::span<const std::byte> bytes;
  // CLOCK_MONOTONIC when the kernel received it (NFQA_TIMESTAMP); never before that of the packet
  // ahead of it in the queue, and never in the future.
  Nanos queued{};
};

class PacketQueue {
 public:
  // `length`: how many packets may wait before the kernel drops (and `lost` counts).
  static Result<PacketQueue> open(uint16_t number, uint32_t length);

  // The first number from `from` on that nobody has; on a machine's own network others have theirs.
  static Result<PacketQueue> open_free(uint16_t from, uint32_t length);

  [[nodiscard]] uint16_t number() const { return number_; }
  [[nodiscard]] int fd() const { return socket_.get(); }

  // Hands out what is there, at most one batch; never blocks. True where the batch was full, so
  // that more may be there.
  bool drain(const std::function<void(const QueuedPacket&)>& handle);

  // Every packet gets exactly one. Accepts may be kept back until `flush` (a run of them leaves in
  // one message); a drop flushes by itself.
  void accept(uint32_t id);
  void drop(uint32_t id);
  void flush();

  // Whether the kernel said (ENOBUFS) that the socket's buffer was full. A full queue is silent.
  [[nodiscard]] bool overran() const { return overran_; }
  // How many packets the kernel dropped because the queue or the socket's buffer was full. Each may
  // be a segment that was lost by our own doing: the run has no verdict. Reads a file of /proc.
  [[nodiscard]] uint64_t lost() const;

 private:
  PacketQueue() = default;
  Result<void> configure(uint32_t length);
  Result<void> acknowledge(std::span<const std::byte> request);
  void receive(const nlmsghdr& message, const std::function<void(const QueuedPacket&)>& handle);
  void send_verdict(uint32_t type, uint32_t id, uint32_t verdict);

  static constexpr size_t batch = 64;
  static constexpr size_t slot = 65536 + 4096;  // the largest IP packet and its attributes

  Fd socket_;
  Fd stamping_;  // an open SO_TIMESTAMPNS socket makes the kernel stamp what it receives
  uint16_t number_ = 0;
  Fd counters_;  // /proc/net/netfilter/nfnetlink_queue of this namespace
  bool overran_ = false;
  uint32_t pending_ = 0;  // accepted up to this id, not yet said
  bool has_pending_ = false;
  Nanos batch_read_{};    // CLOCK_MONOTONIC when the batch at hand was read
  Nanos clock_offset_{};  // CLOCK_MONOTONIC minus CLOCK_REALTIME, read anew for each batch
  Nanos last_queued_{};
  std::unique_ptr<std::byte[]> buffer_;
  std::array<mmsghdr, batch> messages_{};
  std::array<iovec, batch> slots_{};
};

}  // namespace faultline
