// Programs that others wrote, to read the reports again.
#pragma once

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace faultline::test {

inline bool has_tool(const std::string& tool) {
  return std::system(("command -v " + tool + " >/dev/null").c_str()) == 0;
}

struct Read {
  int code = -1;
  std::string out;  // and what was said on standard error, where the command joins it
};

inline Read read_by(const std::string& command) {
  Read read;
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (!pipe) return read;
  std::array<char, 65536> chunk{};
  while (const size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe))
    read.out.append(chunk.data(), size);
  const int status = pclose(pipe);
  read.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return read;
}

// A folder that goes with this.
class Scratch {
 public:
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "faultline-reports-XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  // The path of a file that holds this.
  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return folder_ / name;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace faultline::test
