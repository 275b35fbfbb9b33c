// The defects of stacks/defective, as they are described there.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace faultline::test {

struct Defect {
  std::string name, title, spec;
  std::vector<std::string> cases;  // each of them finds it
};

// How a test prints one.
void PrintTo(const Defect& defect, std::ostream* out);

// By name. Throws where a description cannot be read.
[[nodiscard]] std::vector<Defect> all_defects();

// The table of docs/defects.md: a row for each.
[[nodiscard]] std::string table_of(const std::vector<Defect>& defects);

}  // namespace faultline::test
