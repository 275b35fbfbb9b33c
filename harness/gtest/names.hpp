// What GoogleTest calls a variant: the topic is the suite, "handshake.syn_lost_63s_ipv4".
#pragma once

#include <set>
#include <string>

namespace faultline {

struct TestName {
  std::string suite, test;
};

// Letters, digits and underscores alone: a '-' or ':' means something to --gtest_filter, a bracket
// to CTest. `taken`: the full names that there are; a name that two variants would have is
// numbered.
[[nodiscard]] TestName test_name(const std::string& variant, std::set<std::string>& taken);

}  // namespace faultline
