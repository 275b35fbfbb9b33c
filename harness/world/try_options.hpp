// Which options that cases need the running kernel lacks, found by trying: for a kernel that does
// not tell how it was configured.
#pragma once

#include <string>
#include <vector>

namespace faultline {

// Their names, "CONFIG_VETH"; none where nothing is missing. Only a refusal that means that the
// kernel has no such thing counts: what is forbidden or fails otherwise is for a case to stumble
// over. Tried in a network namespace that is gone afterwards. REQUIRES: CAP_SYS_ADMIN.
[[nodiscard]] std::vector<std::string> options_found_missing();

}  // namespace faultline
