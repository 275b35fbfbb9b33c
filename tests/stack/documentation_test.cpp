// docs/adding-a-stack.md: the files that it shows are those that the tests run, and it tells of
// every key.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "harness/timers/models.hpp"

namespace {

std::string content(const std::string& file) {
  std::ifstream in(std::string(FAULTLINE_SOURCE_DIR) + "/" + file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The block of code below the line that names the file.
std::string shown(const std::string& file) {
  std::istringstream page(content("docs/adding-a-stack.md"));
  std::string text, line;
  while (std::getline(page, line) && line != "`" + file + "`:") {
  }
  std::getline(page, line);
  std::getline(page, line);
  if (!line.starts_with("```")) return "no block of code";
  while (std::getline(page, line) && line != "```") text += line + "\n";
  return text;
}

TEST(AddingAStack, ShowsTheExampleAsItIs) {
  for (const char* file : {"tests/stacks/example/stack.toml", "tests/stacks/example/driver.py"})
    EXPECT_EQ(shown(file), content(file)) << file;
}

TEST(AddingAStack, TheExamplesDriverIsShort) {
  std::istringstream driver(content("tests/stacks/example/driver.py"));
  int lines = 0;
  for (std::string line; std::getline(driver, line);) lines += !line.empty();
  EXPECT_GT(lines, 0);
  EXPECT_LE(lines, 150);
}

TEST(AddingAStack, TellsOfEveryKeyAndEveryTimer) {
  const std::string page = content("docs/adding-a-stack.md");
  for (const char* key : {"name",
                          "title",
                          "like",
                          "build",
                          "start",
                          "attach",
                          "clock.stamps",
                          "clock.granule",
                          "clock.early",
                          "states.source",
                          "supports.families",
                          "supports.calls",
                          "supports.options",
                          "supports.sysctls",
                          "sysctl",
                          "case",
                          "outcome",
                          "reason",
                          "spec",
                          "before",
                          "as",
                          "family"})
    EXPECT_NE(page.find("| `" + std::string(key) + "` |"), page.npos) << key;
  for (const std::string& timer : faultline::model_names())
    EXPECT_NE(page.find("`" + timer + "`"), page.npos) << timer;
}

}  // namespace
