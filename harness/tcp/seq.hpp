// A TCP sequence number: 32 bits that wrap (RFC 9293 3.4). It has no `<` on purpose.
#pragma once

#include <cstdint>

namespace faultline {

class Seq {
 public:
  constexpr Seq() = default;
  constexpr explicit Seq(uint32_t raw) : raw_(raw) {}
  [[nodiscard]] constexpr uint32_t raw() const { return raw_; }
  [[nodiscard]] constexpr Seq operator+(uint32_t n) const { return Seq(raw_ + n); }
  [[nodiscard]] constexpr bool operator==(const Seq&) const = default;

 private:
  uint32_t raw_ = 0;
};

// How far `to` lies after `from`; negative when it lies before. Right while the two are less than
// 2^31 apart.
[[nodiscard]] constexpr int32_t distance(Seq from, Seq to) {
  return static_cast<int32_t>(to.raw() - from.raw());
}

}  // namespace faultline
