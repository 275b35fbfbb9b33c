// --sysctl: settings of the stack under test that win over the case's own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// "tcp_syn_retries=3" or "net.ipv4.tcp_syn_retries=3" each; the names come out full.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_overrides(
    const std::vector<std::string>& settings);

// Why a case cannot be run with these: it sets one of the keys itself to another value and holds the
// stack to times or numbers written as literals, which depend on it. "" where it can: what is
// written as "timer:…" follows the sysctls in force.
[[nodiscard]] std::string skip_reason(const Case& the_case,
                                      const std::map<std::string, std::string>& overrides);

}  // namespace faultline
