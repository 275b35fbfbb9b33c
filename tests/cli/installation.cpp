#include "tests/cli/installation.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

const fs::path sources = FAULTLINE_SOURCE_DIR;
const fs::path built = FAULTLINE_BINARY_DIR;

void link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to);
}

}  // namespace

Installation::Installation() {
  std::string name = testing::TempDir() + "/faultline-XXXXXX";
  if (!mkdtemp(name.data())) throw std::runtime_error("no folder " + name);
  root_ = fs::canonical(name);
  fs::permissions(root_, fs::perms(0755));
  fs::create_directories(root_ / "build/x");
  fs::create_directories(root_ / "stacks/linux");
  fs::create_directories(root_ / "project");
  fs::permissions(root_ / "project", fs::perms(0777));
  for (const char* program : {"faultline", "faultline-driver-linux"})
    link_or_copy(built / program, root_ / "build/x" / program);
  fs::copy_file(sources / "stacks/linux/stack.toml", root_ / "stacks/linux/stack.toml");
  write("stacks/linux/known.toml", "");
  fs::copy(sources / "tests/cli/cases", root_ / "cases");
}

Installation::~Installation() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::vector<std::string> Installation::command(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), root_ / "build/x/faultline");
  return arguments;
}

ProcessOptions Installation::here(ProcessOptions options) const {
  options.folder = root_ / "project";
  return options;
}

Ran Installation::faultline(const std::vector<std::string>& arguments,
                            ProcessOptions options) const {
  Process process(command(arguments), here(std::move(options)));
  const int code = process.wait();
  return {code, process.out, process.err};
}

Ran Installation::run(std::vector<std::string> arguments, nlohmann::json& report,
                      ProcessOptions options) const {
  arguments.insert(arguments.begin(), {"run", "--report", "json=report.json"});
  const Ran ran = faultline(arguments, std::move(options));
  report = nlohmann::json::parse(read("project/report.json"), nullptr, false);
  EXPECT_TRUE(report.is_object()) << ran.out << ran.err;
  return ran;
}

void Installation::edit_case(const std::string& id, const std::string& as, const std::string& old,
                             const std::string& by) const {
  std::string text = read("cases/" + id + ".toml");
  const size_t at = text.find(old);
  ASSERT_NE(at, std::string::npos) << old;
  write("cases/" + as + ".toml", text.replace(at, old.size(), by));
}

void Installation::write(const std::string& path, const std::string& text) const {
  std::ofstream(root_ / path, std::ios::binary) << text;
}

std::string Installation::read(const std::string& path) const {
  std::ifstream file(root_ / path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Installation::replace_driver(const std::string& script) const {
  const fs::path driver = root_ / "build/x/faultline-driver-linux";
  const fs::path real = root_ / "build/x/real-driver";
  fs::rename(driver, real);
  write("build/x/faultline-driver-linux",
        "#!/bin/sh\nREAL=" + real.string() + "\n" + script + "\n");
  fs::permissions(driver, fs::perms(0755));
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace faultline::test
