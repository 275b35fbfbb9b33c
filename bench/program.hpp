// The program itself, beside this one.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/util/error.hpp"
#include "harness/util/time.hpp"

namespace faultline::bench {

// Starts `faultline run` with these arguments; its output is thrown away. It finds the suite
// where the build folder is build/<preset>.
[[nodiscard]] Result<pid_t> start_run(std::vector<std::string> arguments);

// A folder of its own below $TMPDIR or /tmp, gone with all its content when this object is.
class TemporaryFolder {
 public:
  TemporaryFolder();  // throws std::runtime_error
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Run {
  Nanos wall{};  // from the program's start to its end
  Nanos cpu{};   // user's and system's, of all processes that it started
  nlohmann::json report;
};

// Such a run to its end. Error: it left no report. REQUIRES: this process has no other children.
[[nodiscard]] Result<Run> run_to_end(std::vector<std::string> arguments);

}  // namespace faultline::bench
