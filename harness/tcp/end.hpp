// The two ends of a case. They are roles: which stack stands where is decided at a run.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline {

enum class End : uint8_t { client, server };

inline constexpr std::array<End, 2> both_ends{End::client, End::server};

[[nodiscard]] constexpr End other(End end) {
  return end == End::client ? End::server : End::client;
}
[[nodiscard]] constexpr std::string_view to_string(End end) {
  return end == End::client ? "client" : "server";
}
[[nodiscard]] constexpr std::optional<End> end_from_string(std::string_view name) {
  if (name == "client") return End::client;
  if (name == "server") return End::server;
  return {};
}
[[nodiscard]] constexpr size_t index(End end) { return static_cast<size_t>(end); }

}  // namespace faultline
