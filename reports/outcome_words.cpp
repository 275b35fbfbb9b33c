#include "reports/outcome_words.hpp"

#include <fmt/format.h>

namespace faultline {
namespace {

constexpr std::string_view plain = "\x1b[0m";

std::string_view colour_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::PASS:
      return "\x1b[32m";
    case Outcome::FAIL:
    case Outcome::XPASS:
      return "\x1b[1;31m";
    case Outcome::INCONCLUSIVE:
    case Outcome::ERROR:
      return "\x1b[35m";
    case Outcome::XFAIL:
    case Outcome::SKIP:
    case Outcome::UNSUPPORTED:
      return "\x1b[33m";
  }
  return "";
}

}  // namespace

std::string painted(std::string_view text, Outcome like, const TextStyle& style) {
  if (!style.colour) return std::string(text);
  return fmt::format("{}{}{}", colour_of(like), text, plain);
}

bool is_bad(Outcome outcome) {
  using enum Outcome;
  return outcome == FAIL || outcome == XPASS || outcome == INCONCLUSIVE || outcome == ERROR;
}

std::string_view short_word(Outcome outcome) {
  switch (outcome) {
    case Outcome::PASS:
      return "pass";
    case Outcome::FAIL:
      return "FAIL";
    case Outcome::XFAIL:
      return "xfail";
    case Outcome::XPASS:
      return "XPASS";
    case Outcome::SKIP:
      return "skip";
    case Outcome::UNSUPPORTED:
      return "unsup";
    case Outcome::INCONCLUSIVE:
      return "INCON";
    case Outcome::ERROR:
      return "ERROR";
  }
  return "?";
}

std::string_view to_string(Finding::Status status) {
  switch (status) {
    case Finding::Status::met:
      return "met";
    case Finding::Status::broken:
      return "broken";
    case Finding::Status::unclear:
      return "unclear";
  }
  return "?";
}

}  // namespace faultline
