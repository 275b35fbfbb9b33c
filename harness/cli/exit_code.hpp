// What the program ends with: README, "Exit codes".
#pragma once

namespace faultline {

enum ExitCode : int {
  all_as_expected = 0,
  something_failed = 1,
  nothing_failed_but_unsure = 2,  // INCONCLUSIVE or ERROR; a stack could not be built
  all_skipped = 4,
  usage_error = 64,
  bad_case_file = 65,
  nothing_selected = 66,
  internal_error = 70,
  no_privilege = 77,
  interrupted = 130,
};

}  // namespace faultline
