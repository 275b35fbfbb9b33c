// The manual page says what `--help` says: the same commands with the same options.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

using Names = std::set<std::string>;
const std::string page = FAULTLINE_SOURCE_DIR "/docs/man/faultline.1";

Names all_of(const std::string& text, const char* pattern) {
  const std::regex wanted(pattern);
  Names found;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at)
    found.insert((*at)[1]);
  return found;
}

std::string help(const std::string& command) {
  std::vector<std::string> argv{FAULTLINE_BINARY_DIR "/faultline"};
  if (!command.empty()) argv.push_back(command);
  argv.push_back("--help");
  Process process(argv, {});
  EXPECT_EQ(process.wait(), 0) << command;
  return process.out;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The indented first words of a list.
Names listed(const std::string& text, const std::string& list) {
  std::istringstream lines(text);
  Names found;
  bool wanted = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(' ')) wanted = line == list + ":";
    else if (wanted && line[2] != ' ') found.insert(line.substr(2, line.find(' ', 2) - 2));
  }
  return found;
}

Names options_in_help(const std::string& command) {
  Names options;
  for (const std::string& words : listed(help(command), "Options"))
    options.merge(all_of(words, "(-[^,]+)"));
  options.erase("-h");
  options.erase("--help");
  return options;
}

// Sections by their headings, `.Ss run`; the options of their lists, "--suite".
std::map<std::string, Names> options_in_page() {
  std::ifstream file(page);
  std::map<std::string, Names> sections;
  std::string section;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(".Sh ")) section.clear();
    if (line.starts_with(".Ss ")) sections[section = line.substr(4)];
    if (section.empty() || !line.starts_with(".It ")) continue;
    for (const std::string& name : all_of(line, "(?:Fl| ,) (-?[a-z][a-z0-9-]*)"))
      sections[section].insert("-" + name);
  }
  return sections;
}

TEST(ManPage, NamesTheSameCommands) {
  Names in_page;
  for (const auto& [command, options] : options_in_page()) in_page.insert(command);
  EXPECT_EQ(in_page, listed(help(""), "Subcommands"));
  EXPECT_GT(in_page.size(), 10);
}

TEST(ManPage, NamesTheSameOptions) {
  for (const auto& [command, options] : options_in_page())
    EXPECT_EQ(options, options_in_help(command)) << "faultline " << command;
}

TEST(ManPage, NamesTheExitCodes) {
  const std::string text = content(page), all = help("");
  for (const std::string& code : all_of(all.substr(all.find("Exit codes")), "([0-9]+)"))
    EXPECT_TRUE(text.find("\n.It " + code + "\n") != std::string::npos) << code;
}

// Of a command with several forms each begins a line.
TEST(ManPage, EveryFormIsALineOfItsOwn) {
  std::string text = content(page);
  text.resize(text.find("\n.Sh ENVIRONMENT"));
  for (size_t at = 0; (at = text.find("\n.Nm\n.Cm ", at)) != text.npos; ++at) {
    const std::string before = text.substr(text.rfind('\n', at - 1) + 1, 3);
    EXPECT_TRUE(before == ".Ss" || before == ".Pp") << text.substr(at, 40);
  }
  for (const auto& [command, options] : options_in_page())
    EXPECT_TRUE(text.find(".Ss " + command + "\n.Nm\n.Cm " + command + "\n") != text.npos)
        << command;
}

// The variables that the sources ask for.
Names variables_in_sources() {
  Names found;
  for (const char* room : {"harness", "injectors", "reports", "stacks"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             FAULTLINE_SOURCE_DIR "/" + std::string(room)))
      if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
        found.merge(all_of(content(entry.path()),
                           R"re((?:getenv|environment_variable)\("([A-Z0-9_]+)"\))re"));
  return found;
}

TEST(ManPage, NamesTheVariablesThatAreRead) {
  Names in_page;
  for (const std::string& line : all_of(content(page), "\\n\\.It Ev ([^\n]*)"))
    in_page.merge(all_of(line, "([A-Z0-9_]+)"));
  EXPECT_EQ(in_page, variables_in_sources());
  EXPECT_GT(in_page.size(), 10);
}

void expect_silent(const std::vector<std::string>& argv) {
  Process process(argv, {});
  const int code = process.wait();
  if (code == 127) GTEST_SKIP() << argv.front() << " is not installed";
  EXPECT_EQ(code, 0) << process.out << process.err;
  EXPECT_EQ(process.err, "");
}

TEST(ManPage, ManHasNothingToSayAgainstIt) {
  expect_silent({"sh", "-c", "command -v man >/dev/null || exit 127; "
                             "man --warnings -l \"$0\" >/dev/null", page});
}

TEST(ManPage, MandocHasNothingToSayAgainstIt) {
  expect_silent({"sh", "-c", "command -v mandoc >/dev/null || exit 127; "
                             "mandoc -Tlint -Wwarning \"$0\" >&2", page});
}

}  // namespace
}  // namespace faultline::test
