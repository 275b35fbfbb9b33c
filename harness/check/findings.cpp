#include "harness/check/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace faultline::check {
namespace {

std::string_view word(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::unsupported:
      return "unsupported";
    case Verdict::missing:
      return "MISSING";
    case Verdict::broken:
      return "BROKEN";
  }
  return "";
}

}  // namespace

std::string to_string(const Finding& finding) {
  std::string line = fmt::format("{:<12} {}", word(finding.verdict), finding.what);
  if (!finding.wanted.empty())
    return fmt::format("{}: wanted {}, got {}", line, finding.wanted, finding.got);
  return finding.got.empty() ? line : fmt::format("{}: {}", line, finding.got);
}

void Findings::add(Verdict verdict, std::string what, std::string wanted, std::string got) {
  all_.push_back({verdict, topic_ + ": " + what, std::move(wanted), std::move(got)});
  on_finding_(all_.back());
}

bool Findings::clean() const {
  return count(Verdict::ok) > 0 && count(Verdict::missing) + count(Verdict::broken) == 0;
}

std::string Findings::summary() const {
  return fmt::format("{} ok, {} unsupported, {} missing, {} broken", count(Verdict::ok),
                     count(Verdict::unsupported), count(Verdict::missing), count(Verdict::broken));
}

size_t Findings::count(Verdict verdict) const {
  return static_cast<size_t>(std::ranges::count(all_, verdict, &Finding::verdict));
}

}  // namespace faultline::check
