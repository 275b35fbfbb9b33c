#include "harness/judge/call_outcome.hpp"

#include <fmt/format.h>

namespace faultline {
namespace {

bool has_value(Call call) {
  return call == Call::send || call == Call::recv || call == Call::getsockopt;
}

// What a call that succeeds must return: what the step says, and for `bytes` all of them.
std::optional<Range> wanted_value(const CallStep& call) {
  if (call.returns) return call.returns;
  if (call.bytes) return Range{*call.bytes, *call.bytes};
  return {};
}

}  // namespace

std::string wanted_outcome(const CallStep& call) {
  if (call.may_fail) return "returns";
  if (call.fails) return "fails with " + *call.fails;
  if (const auto value = wanted_value(call)) return "returns " + to_string(*value);
  return "succeeds";
}

std::string actual_outcome(const CallStep& call, const ResultEvent& result) {
  std::string text;
  if (result.error)
    text = "fails with " + *result.error;
  else if (has_value(call.call))
    text = fmt::format("returns {}", result.value);
  else
    text = "succeeds";
  if (result.error && result.value != 0) text += fmt::format(" after {} bytes", result.value);
  if (result.eof) text += " and the end of the stream";
  return text;
}

bool came_out_as_wanted(const CallStep& call, const ResultEvent& result) {
  if (call.may_fail) return true;
  if (call.fails) return result.error == call.fails;
  if (result.error) return false;
  const auto value = wanted_value(call);
  return !value || (result.value >= 0 && value->contains(static_cast<uint64_t>(result.value)));
}

}  // namespace faultline
