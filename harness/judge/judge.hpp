// From a trace to a verdict. Pure: the same trace gives the same verdict on any machine.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/result.hpp"
#include "harness/trace/trace.hpp"

namespace faultline {

// An entry of a stack's known.toml: it is known to fail this case, and why.
struct KnownDeviation {
  std::string case_id;
  std::string reason;
  std::string before = {};  // only where the kernel's release is older, "6.13"; "": on all
  std::string as = {};      // only where the stack under test is the "client" or "server"
  std::string family = {};  // only over "ipv4" or "ipv6"
};

// Whether this entry is about a kernel of this release ("6.12.117", as uname -r says it). Only its
// first two numbers count; a release that has none is as new as can be.
[[nodiscard]] bool applies_to(const KnownDeviation& entry, const std::string& release);

// Judges one run of `the_case`. `rerun`, `trace_file` and `stack` of the result are the caller's.
//
// While the harness stood still for longer than is tolerated a broken expectation is none that can
// be held against a stack: it cannot be told. Invariants and times that are too short stay broken.
//
// In this order: trouble that takes the ground away (ERROR, UNSUPPORTED, INCONCLUSIVE); a broken
// expectation of the stack under test (FAIL, or XFAIL where it is known); one of the reference end
// only (ERROR: the set-up is wrong, not the stack); what could not be told, a rule that matched
// nothing and a segment held for ever (INCONCLUSIVE); PASS, or XPASS where a failure is known.
[[nodiscard]] CaseResult judge(const Case& the_case, const Trace& trace,
                               const std::vector<KnownDeviation>& known);

}  // namespace faultline
