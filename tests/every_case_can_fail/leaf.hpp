// What is falsified: every statement of a case, one at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/trace/trace.hpp"

namespace faultline::test {

// A run that met its case.
struct TracedRun {
  Case the_case;
  std::shared_ptr<const Trace> trace;
};

// The case with one statement made wrong, or the run changed so that the statement is no longer
// true of it. A judge that looks at the statement finds it broken.
struct Mutant {
  std::string what;  // "one segment more"
  Case the_case;
  std::shared_ptr<const Trace> trace;
};

// One statement. Without mutants it is hollow: no run could break it.
struct Leaf {
  std::string name;  // "number of every SYN from the client"
  int line = 0;      // in the case file: findings about it have the same
  std::vector<Mutant> mutants;
};

}  // namespace faultline::test
