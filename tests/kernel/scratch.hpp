// A folder of a test's own, with programs that stand in for the machine's, and its environment.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::test {

class Scratch {
 public:
  Scratch();
  // Removes the folder and restores the environment.
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  std::filesystem::path write(const std::string& file, const std::string& text) const;
  // A shell script bin/NAME, found before the machine's programs.
  void program(const std::string& name, const std::string& script) const;
  // No programs but these: the machine's own by these names, and those of program().
  void only(const std::vector<std::string>& names);
  void set(const std::string& variable, const std::string& value);
  void unset(const std::string& variable);

 private:
  void remember(const std::string& variable);

  std::filesystem::path path_;
  std::map<std::string, std::optional<std::string>> before_;
};

[[nodiscard]] std::string content(const std::filesystem::path& file);

}  // namespace faultline::test
