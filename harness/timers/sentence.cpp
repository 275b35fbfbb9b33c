#include "harness/timers/sentence.hpp"

#include <fmt/ranges.h>

namespace faultline {
namespace {

constexpr size_t longest_list = 20;

std::string seconds(Nanos time) {
  const auto ms = std::chrono::round<std::chrono::milliseconds>(time).count();
  std::string text = fmt::format("{}.{:03}", ms / 1000, ms % 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string list_of_seconds(std::span<const Nanos> times) {
  std::vector<std::string> words;
  for (const Nanos time : times) words.push_back(seconds(time));
  if (words.empty()) return "";
  if (words.size() == 1) return words.front() + " s";
  const std::string last = words.back();
  words.pop_back();
  if (words.size() >= longest_list) {
    words.resize(longest_list / 2);
    words.emplace_back("…");
  }
  return fmt::format("{} and {} s", fmt::join(words, ", "), last);
}

std::string count_of(Count count, std::string_view noun) {
  const std::string_view plural = count.most == 1 ? "" : "s";
  if (count.least == count.most) return fmt::format("{} {}{}", count.most, noun, plural);
  return fmt::format("{} {} {} {}{}", count.least, count.most == count.least + 1 ? "or" : "to",
                     count.most, noun, plural);
}

std::string after(Bounds nominal, Bounds real) {
  const std::string range = fmt::format("{} to {} s", seconds(real.low), seconds(real.high));
  if (nominal.low != nominal.high) return fmt::format("after {}", range);
  return fmt::format("after {} s ({}, as timers fire late)", seconds(nominal.low), range);
}

}  // namespace faultline
