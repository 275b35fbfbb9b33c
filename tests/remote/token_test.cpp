#include "stacks/remote/token.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace faultline::remote {
namespace {

namespace fs = std::filesystem;

class TokenFile : public testing::Test {
 protected:
  TokenFile() { EXPECT_NE(mkdtemp(folder_), nullptr); }
  ~TokenFile() override { fs::remove_all(folder_); }

  fs::path file(const std::string& content, mode_t mode = 0600) {
    const fs::path path = fs::path(folder_) / "token";
    fs::remove(path);
    std::ofstream(path) << content;
    chmod(path.c_str(), mode);
    return path;
  }
  static std::string refusal(const fs::path& path) {
    const auto token = read_token(path);
    return token ? "" : token.error().what;
  }

  char folder_[32] = "/tmp/faultline-token-XXXXXX";
};

TEST_F(TokenFile, IsReadWithoutItsNewline) {
  EXPECT_EQ(read_token(file("0123456789abcdef\n")).value_or(""), "0123456789abcdef");
  EXPECT_EQ(read_token(file("0123456789abcdef", 0400)).value_or(""), "0123456789abcdef");
}

TEST_F(TokenFile, ThatOthersMayReadOrWriteIsRefusedWithWhatToDo) {
  for (const mode_t mode : {0640, 0604, 0620, 0602, 0610}) {
    const fs::path path = file("0123456789abcdef\n", mode);
    EXPECT_EQ(refusal(path), fmt::format("the token's file {} is open to others (mode {:04o}): chmod "
                                         "600 {}",
                                         path.string(), mode, path.string()));
  }
}

TEST_F(TokenFile, MustBeLongEnoughAndOneLineOfText) {
  EXPECT_NE(refusal(file("0123456789abcde\n")).find("must have 16 to 1024 bytes"), std::string::npos);
  EXPECT_NE(refusal(file(std::string(1025, 'x'))).find("must have 16"), std::string::npos);
  EXPECT_EQ(refusal(file(std::string(1024, 'x') + "\n")), "");
  EXPECT_NE(refusal(file("01234567\n89abcdef")).find("one line of printable"), std::string::npos);
}

TEST_F(TokenFile, MustBeAFile) {
  EXPECT_NE(refusal("/dev/null").find("is no regular file"), std::string::npos);
  EXPECT_NE(refusal(fs::path(folder_) / "none").find("No such file"), std::string::npos);
}

TEST(Token, IsTheSameOnlyWhereAllOfItIs) {
  EXPECT_TRUE(same_token("0123456789abcdef", "0123456789abcdef"));
  for (const char* shown : {"", "0", "0123456789abcdeF", "X123456789abcdef", "0123456789abcdef0",
                            "0123456789abcde", "0123456789abcdef0123456789abcdef"})
    EXPECT_FALSE(same_token("0123456789abcdef", shown)) << shown;
  EXPECT_FALSE(same_token("", ""));
}

}  // namespace
}  // namespace faultline::remote
