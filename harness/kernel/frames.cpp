#include "harness/kernel/frames.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace faultline {
namespace {

constexpr std::array<std::string_view, 5> kinds{"up", "began", "trace", "failed", "done"};
constexpr size_t most_head = 64;

struct Head {
  Frame::Kind kind{};
  size_t job = 0, size = 0;
};

// Takes one number, and the character after it.
std::optional<size_t> take_number(std::string_view& text, char after) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto length = static_cast<size_t>(end - text.data());
  if (error != std::errc{} || length == text.size() || text[length] != after) return {};
  text.remove_prefix(length + 1);
  return number;
}

// `line` with its newline.
std::optional<Head> parse_head(std::string_view line) {
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return {};
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    if (line.substr(0, space) != kinds[kind]) continue;
    line.remove_prefix(space + 1);
    const auto job = take_number(line, ' ');
    if (!job) return {};
    const auto size = take_number(line, '\n');
    if (!size || *size > FrameReader::most_body) return {};
    return Head{static_cast<Frame::Kind>(kind), *job, *size};
  }
  return {};
}

}  // namespace

std::string encode(const Frame& frame) {
  return fmt::format("{} {} {}\n", kinds[static_cast<size_t>(frame.kind)], frame.job,
                     frame.body.size()) +
         frame.body;
}

Result<void> FrameReader::feed(std::string_view bytes, const std::function<void(Frame)>& on_frame) {
  if (broken_) return fail("nothing more of the guest's report can be understood");
  pending_ += bytes;
  size_t used = 0;
  for (;;) {
    const std::string_view rest = std::string_view(pending_).substr(used);
    const size_t newline = rest.substr(0, most_head).find('\n');
    if (newline == std::string_view::npos && rest.size() < most_head) break;
    const auto head = newline == std::string_view::npos ? std::nullopt
                                                        : parse_head(rest.substr(0, newline + 1));
    if (!head) {
      broken_ = true;
      return fail("the guest's report is garbage: '{}'", rest.substr(0, most_head));
    }
    if (rest.size() - newline - 1 < head->size) break;
    on_frame({head->kind, head->job, std::string(rest.substr(newline + 1, head->size))});
    used += newline + 1 + head->size;
  }
  pending_.erase(0, used);
  return {};
}

}  // namespace faultline
