// The program in a folder of its own, with a suite and drivers that a test may change.
//
//   build/x/faultline, build/x/faultline-driver-linux    the built programs
//   cases/            a copy of tests/cli/cases
//   stacks/linux/     the stack's description, with no known deviation
//   project/             where the program is started, and writes
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/process.hpp"

namespace faultline::test {

struct Ran {
  int code = -1;
  std::string out, err;
};

class Installation : public testing::Test {
 protected:
  Installation();
  ~Installation() override;

  // argv of the program with these arguments.
  [[nodiscard]] std::vector<std::string> command(std::vector<std::string> arguments) const;
  [[nodiscard]] Ran faultline(const std::vector<std::string>& arguments,
                              ProcessOptions options = {}) const;
  // `faultline run` with --report json=…, and what is in there.
  [[nodiscard]] Ran run(std::vector<std::string> arguments, nlohmann::json& report,
                        ProcessOptions options = {}) const;
  [[nodiscard]] ProcessOptions here(ProcessOptions options = {}) const;

  // A case of the suite with `old` replaced; the id is the new one.
  void edit_case(const std::string& id, const std::string& as, const std::string& old,
                 const std::string& by) const;
  void write(const std::string& path, const std::string& text) const;
  [[nodiscard]] std::string read(const std::string& path) const;
  // A shell script in the driver's place; the real one is $REAL.
  void replace_driver(const std::string& script) const;

  std::filesystem::path root_;
};

[[nodiscard]] bool has(const std::string& text, const std::string& part);

}  // namespace faultline::test
