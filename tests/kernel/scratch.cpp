#include "tests/kernel/scratch.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace faultline::test {

namespace fs = std::filesystem;

Scratch::Scratch() {
  std::string name = testing::TempDir() + "/faultline-kernel-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder " + name);
  path_ = fs::canonical(name);
  fs::create_directory(path_ / "bin");
  set("PATH", (path_ / "bin").string() + ":" + std::getenv("PATH"));
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  for (const auto& [variable, value] : before_)
    value ? setenv(variable.c_str(), value->c_str(), 1) : unsetenv(variable.c_str());
}

fs::path Scratch::write(const std::string& file, const std::string& text) const {
  const fs::path path = path_ / file;
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
  return path;
}

void Scratch::program(const std::string& name, const std::string& script) const {
  fs::permissions(write("bin/" + name, "#!/bin/sh\n" + script), fs::perms(0755));
}

void Scratch::only(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    for (const char* folder : {"/usr/bin/", "/bin/"})
      if (fs::exists(folder + name) && !fs::exists(path_ / "bin" / name))
        fs::create_symlink(folder + name, path_ / "bin" / name);
  set("PATH", (path_ / "bin").string());
}

void Scratch::remember(const std::string& variable) {
  const char* value = std::getenv(variable.c_str());
  before_.try_emplace(variable, value ? std::optional<std::string>(value) : std::nullopt);
}

void Scratch::set(const std::string& variable, const std::string& value) {
  remember(variable);
  setenv(variable.c_str(), value.c_str(), 1);
}

void Scratch::unset(const std::string& variable) {
  remember(variable);
  unsetenv(variable.c_str());
}

std::string content(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace faultline::test
