// Several records of runs made one: the shards of a run.
#pragma once

#include <string>
#include <vector>

#include "harness/util/error.hpp"
#include "reports/json_reader.hpp"

namespace faultline {

struct NamedRecord {
  std::string name;  // of the file, for errors
  RunRecord run;
};

// As reports list results: by case, stack, end, family and repetition.
void put_in_order(std::vector<CaseResult>& results);

// One alone comes out as it is. Refused: what is not of the same run (program, kernel, seed, stacks,
// cases …), the same shard or the same variant twice. Shards that are not among them are told in
// `absent_shards`. REQUIRES: at least one.
[[nodiscard]] Result<RunRecord> merged(std::vector<NamedRecord> records);

}  // namespace faultline
