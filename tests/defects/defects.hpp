// The defects of stacks/defective, as they are described there.
#pragma once

#include <string>
#include <vector>

namespace faultline::test {

struct Defect {
  std::string name, title, spec;
  std::vector<std::string> cases;  // each of them finds it
};

// By name. Throws where a description cannot be read.
[[nodiscard]] std::vector<Defect> all_defects();

// The table of docs/defects.md: a row for each.
[[nodiscard]] std::string table_of(const std::vector<Defect>& defects);

}  // namespace faultline::test
