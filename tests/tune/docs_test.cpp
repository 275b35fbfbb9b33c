// docs/tuning.md shows what the program prints. A block that begins with "# NAME.conf" is that file, one
// that begins with "$ faultline tune …" what the command prints.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> blocks_of(const fs::path& page) {
  std::vector<std::string> blocks;
  bool inside = false;
  std::ifstream file(page);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) blocks.emplace_back();
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

std::string take_line(std::string& block) {
  const size_t end = block.find('\n');
  std::string line = block.substr(0, end);
  block.erase(0, end + 1);
  return line;
}

TEST(TuningPage, ShowsWhatTheProgramPrints) {
  const fs::path folder = fs::path(testing::TempDir()) / ("page-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const std::string prompt = "$ faultline ";
  int compared = 0;
  for (std::string block : blocks_of(FAULTLINE_SOURCE_DIR "/docs/tuning.md")) {
    const std::string first = take_line(block);
    if (first.starts_with("# ")) std::ofstream(folder / first.substr(2)) << block;
    // What was measured needs a kernel; what is predicted does not.
    if (!first.starts_with(prompt) || first.find("--predict") == first.npos) continue;
    Process process({"/bin/sh", "-c",
                     std::string(FAULTLINE_BINARY_DIR) + "/faultline " +
                         first.substr(prompt.size())},
                    {.folder = folder});
    process.wait();
    EXPECT_EQ(process.out, block) << first;
    ++compared;
  }
  EXPECT_EQ(compared, 3);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace faultline::test
