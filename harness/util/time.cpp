#include "harness/util/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace faultline {
namespace {

struct Unit {
  std::string_view name;
  double nanos;
};
constexpr std::array<Unit, 7> units{{{"us", 1e3},
                                     {"ms", 1e6},
                                     {"s", 1e9},
                                     {"min", 60e9},
                                     {"h", 3600e9},
                                     {"d", 86400e9},
                                     {"ns", 1}}};
constexpr double longest = 10 * 365 * 86400e9;

std::string trimmed(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

std::optional<Nanos> parse_duration(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return {};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number,
                                            std::chars_format::fixed);
  if (error != std::errc{}) return {};
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  for (const Unit& known : units) {
    if (known.name != unit) continue;
    const double nanos = number * known.nanos;
    if (nanos > longest) return {};
    return Nanos(static_cast<Nanos::rep>(nanos + 0.5));
  }
  return {};
}

std::string format_duration(Nanos duration) {
  if (duration < 0ns) return "-" + format_duration(-duration);
  const auto micros = std::chrono::round<std::chrono::microseconds>(duration).count();
  if (micros == 0) return "0s";
  if (micros < 1000) return fmt::format("{}us", micros);
  if (micros < 1'000'000) return trimmed(static_cast<double>(micros) / 1e3, 3) + "ms";
  const auto minutes = micros / 60'000'000;
  if (minutes < 10) return trimmed(static_cast<double>(micros) / 1e6, 3) + "s";
  std::string text;
  if (minutes >= 24 * 60) text += fmt::format("{}d ", minutes / (24 * 60));
  if (minutes / 60 % 24 != 0) text += fmt::format("{}h ", minutes / 60 % 24);
  if (minutes % 60 != 0) text += fmt::format("{}min ", minutes % 60);
  const std::string seconds = trimmed(static_cast<double>(micros % 60'000'000) / 1e6, 3);
  if (seconds != "0") text += seconds + "s ";
  text.pop_back();
  return text;
}

}  // namespace faultline
