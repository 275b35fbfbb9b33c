// Sources are listed by hand; a test that is in no list would never run.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_named(const std::string& list, const std::string& name) {
  for (size_t at = list.find(name); at != std::string::npos; at = list.find(name, at + 1)) {
    const auto is_edge = [&](size_t i) {
      return i >= list.size() || std::string(" \n\t()/").find(list[i]) != std::string::npos;
    };
    if ((at == 0 || is_edge(at - 1)) && is_edge(at + name.size())) return true;
  }
  return false;
}

TEST(Lists, EveryTestIsBuilt) {
  size_t found = 0;
  for (const auto& entry : fs::recursive_directory_iterator(FAULTLINE_SOURCE_DIR "/tests")) {
    const std::string name = entry.path().filename();
    if (!name.ends_with("_test.cpp")) continue;
    ++found;
    EXPECT_TRUE(is_named(content(entry.path().parent_path() / "CMakeLists.txt"), name))
        << entry.path() << " is in no CMakeLists.txt";
  }
  EXPECT_GT(found, 30);
}

TEST(Lists, ANameInsideOfAnotherDoesNotCount) {
  EXPECT_TRUE(is_named("SOURCES a_test.cpp b_test.cpp)", "b_test.cpp"));
  EXPECT_FALSE(is_named("SOURCES aa_test.cpp)", "a_test.cpp"));
}

}  // namespace
