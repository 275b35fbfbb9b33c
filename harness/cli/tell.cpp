#include "harness/cli/tell.hpp"

#include <fmt/format.h>

#include "harness/cli/github.hpp"
#include "reports/github.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

void say(std::string_view text) {
  tell(stderr, safe_lines(text) + "\n");
}

}  // namespace

std::string without_orders(std::string_view text) {
  return in_github_actions() ? without_commands(text) : std::string(text);
}

void tell(std::FILE* stream, std::string_view text) {
  const std::string printed = without_orders(text);
  std::fwrite(printed.data(), 1, printed.size(), stream);
}

int complain(int code, std::string_view why) {
  say(fmt::format("faultline: {}", why));
  return code;
}

int complain(int code, const CaseError& error) {
  say(to_string(error));
  return code;
}

std::unexpected<int> refuse(int code, std::string_view why) {
  return std::unexpected(complain(code, why));
}

std::unexpected<int> refuse(int code, const CaseError& error) {
  return std::unexpected(complain(code, error));
}

}  // namespace faultline
