#include "tests/defects/defects.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

Defect read(const fs::path& file) {
  const toml::table table = toml::parse_file(file.string());
  Defect defect{.name = file.stem(),
                .title = table["title"].value_or(std::string()),
                .spec = table["spec"].value_or(std::string()),
                .cases = {}};
  if (const toml::array* cases = table["cases"].as_array())
    for (const toml::node& one : *cases) defect.cases.push_back(one.value_or(std::string()));
  return defect;
}

}  // namespace

void PrintTo(const Defect& defect, std::ostream* out) {
  *out << defect.name;
}

std::vector<Defect> all_defects() {
  std::vector<Defect> all;
  for (const auto& entry :
       fs::directory_iterator(fs::path(FAULTLINE_SOURCE_DIR) / "stacks/defective/defects"))
    all.push_back(read(entry.path()));
  std::ranges::sort(all, {}, &Defect::name);
  return all;
}

std::string table_of(const std::vector<Defect>& defects) {
  std::string text =
      "| defect | what the stack then does | breaks | found by |\n|---|---|---|---|\n";
  for (const Defect& defect : defects) {
    std::string cases;
    for (const std::string& one : defect.cases)
      cases += fmt::format("{}`{}`", cases.empty() ? "" : ", ", one);
    text += fmt::format("| `{}` | {} | {} | {} |\n", defect.name, defect.title, defect.spec, cases);
  }
  return text;
}

}  // namespace faultline::test
