// Every complete case in docs/case-format.md is one.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "harness/case/document.hpp"
#include "tests/case/schema.hpp"
#include "tests/case/support.hpp"

namespace faultline {
namespace {

// The ```toml blocks of the page that begin with a title.
std::vector<std::string> examples() {
  std::ifstream page(FAULTLINE_SOURCE_DIR "/docs/case-format.md");
  std::vector<std::string> list;
  std::string block;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```toml") {
      inside = true;
      block.clear();
    } else if (line == "```") {
      if (inside && block.starts_with("title")) list.push_back(block);
      inside = false;
    } else if (inside) {
      block += line + "\n";
    }
  }
  return list;
}

TEST(Documentation, ItsExamplesAreCases) {
  const auto list = examples();
  EXPECT_GE(list.size(), 7u);
  const auto schema =
      nlohmann::json::parse(std::ifstream(FAULTLINE_SOURCE_DIR "/cases/schema.json"));
  for (const std::string& text : list) {
    (void)test::good(text);
    const auto document = Document::parse(text, "docs/case-format.md");
    ASSERT_TRUE(document);
    EXPECT_EQ(test::violation(schema, schema, document->root()), "") << text;
  }
}

}  // namespace
}  // namespace faultline
