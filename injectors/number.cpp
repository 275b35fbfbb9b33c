#include "injectors/number.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace faultline {
namespace {

using Base = Number::Base;

constexpr std::array<std::pair<std::string_view, Base>, 4> words{
    {{"isn", Base::isn}, {"next", Base::next}, {"expected", Base::expected}, {"edge", Base::edge}}};

std::optional<int64_t> offset_from(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != '+' && text.front() != '-') return {};
  uint32_t amount = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), amount);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return text.front() == '-' ? -int64_t{amount} : int64_t{amount};
}

std::unexpected<FieldError> unreadable(const std::string& at, bool of_segment) {
  return std::unexpected(FieldError{
      at, fmt::format("expected a number, or \"isn\", \"next\", \"expected\" or \"edge\", alone or "
                      "like \"next+5\"{}",
                      of_segment ? "; \"+5\" and \"-5\" change what the segment says" : "")});
}

uint32_t scaled_window(const SeenEnd& offering, const SeenEnd& peer) {
  const int scale = offering.window_of_syn ? 0 : scale_in_force(offering, peer);
  return uint32_t{offering.window} << scale;
}

std::unexpected<Error> unseen(End end, std::string_view what) {
  return fail("the {} has not sent {} yet", to_string(end), what);
}

// The number in the stream of `owner`, in the owner's own numbers.
Result<Seq> resolve(const Number& number, const Seen& seen, End owner, Seq itself) {
  const SeenEnd& end = seen.of(owner);
  const SeenEnd& peer = seen.of(other(owner));
  const auto plus = static_cast<uint32_t>(number.plus);
  if (number.base == Base::itself) return itself + plus;
  if (!end.isn) return unseen(owner, "a SYN");
  if (number.base == Base::isn) return *end.isn + plus;
  if (number.base == Base::next) return end.next + plus;
  const auto expected = seen.acknowledged_as_sent(other(owner));
  if (!expected) return unseen(other(owner), "an ACK");
  if (number.base == Base::expected) return *expected + plus;
  return *expected + scaled_window(peer, end) + plus;
}

}  // namespace

int scale_in_force(const SeenEnd& offering, const SeenEnd& peer) {
  constexpr int most = 14;  // RFC 7323 2.3
  if (!offering.window_scale || !peer.window_scale) return 0;
  return std::min<int>(*offering.window_scale, most);
}

FieldResult<Number> number_from(const nlohmann::json& value, const std::string& at,
                                bool of_segment) {
  if (value.is_number_integer()) {
    const auto number = value.get<int64_t>();
    if (number >= 0 && number <= 0xffffffffLL) return Number{Base::isn, number};
    return std::unexpected(FieldError{at, "a sequence number has 32 bits"});
  }
  if (!value.is_string()) return unreadable(at, of_segment);
  const auto text = value.get<std::string>();
  const size_t sign = text.find_first_of("+-");
  const std::string word = text.substr(0, sign);
  const auto plus =
      offset_from(sign == std::string::npos ? "" : std::string_view(text).substr(sign));
  if (!plus) return unreadable(at, of_segment);
  if (word.empty() && of_segment && sign != std::string::npos) return Number{Base::itself, *plus};
  for (const auto& [name, base] : words)
    if (name == word) return Number{base, *plus};
  return unreadable(at, of_segment);
}

Result<Seq> sequence_number(const Number& number, const Seen& seen, End from, Seq itself) {
  auto seq = resolve(number, seen, from, itself);
  if (!seq || number.base == Base::itself) return seq;
  return *seq + seen.of(from).shift;
}

Result<Seq> acknowledgement_number(const Number& number, const Seen& seen, End from, Seq itself) {
  return resolve(number, seen, other(from), itself);
}

}  // namespace faultline
