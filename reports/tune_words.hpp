// What the reports of `faultline tune` for people have in common: the words.
#pragma once

#include <string>
#include <vector>

#include "harness/tune/report.hpp"

namespace faultline {

// "mesh.conf, -", or "the kernel's defaults" where there is no file.
[[nodiscard]] std::string tune_subject(const TuneReport& report);
// "predicted for Linux 6.12 at 250 Hz" or "predicted for and measured on uml-6.12 (6.12.117, 250
// Hz)", and what is supposed.
[[nodiscard]] std::string tune_ground(const TuneReport& report);

// "19.3 to 19.6 s", "not predicted".
[[nodiscard]] std::string tune_predicted(const TuneCell& cell);
[[nodiscard]] std::string tune_by_default(const TuneCell& cell);
// "19.392s, as predicted", "not measured: …"; "" where nothing was to be measured.
[[nodiscard]] std::string tune_measured(const TuneCell& cell, const TuneReport& report);

// "tcp_syn_retries = 3 (mesh.conf:4), tcp_syn_linear_timeouts = 4 (default)"
[[nodiscard]] std::string tune_governing(const TuneRow& row);

// "connect <= 30s holds", "connect <= 30s does not hold: it takes 133 to 135 s (uml-6.12)"
[[nodiscard]] std::string tune_requirement(const TuneRequirement& requirement,
                                           const TuneReport& report);

// "net.ipv4.tcp_retries2 = 7" each, as sysctl.conf wants it.
[[nodiscard]] std::vector<std::string> tune_changes(const TuneReport& report);

// "3 settings of these files are no TCP timers: vm.swappiness (a.conf:1), …"; "" where there is
// none.
[[nodiscard]] std::string tune_not_looked_at(const TuneReport& report);

}  // namespace faultline
