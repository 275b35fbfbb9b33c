// Processes as /proc shows them.
#pragma once

#include <sys/types.h>

#include <map>
#include <vector>

namespace faultline::bench {

// All of the machine, by their parent.
[[nodiscard]] std::multimap<pid_t, pid_t> children_of_all();

[[nodiscard]] std::vector<pid_t> with_descendants(pid_t root,
                                                  const std::multimap<pid_t, pid_t>& children);

// Its share of the pages that it uses (PSS); 0 where it is gone.
[[nodiscard]] double pss_megabytes(pid_t pid);
[[nodiscard]] double pss_megabytes(const std::vector<pid_t>& processes);

}  // namespace faultline::bench
