// What a program needs beside itself to be started where nothing else is: its loader and its shared
// libraries.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

struct Library {
  std::string name;            // as the program asks for it: "libfmt.so.9"
  std::filesystem::path file;  // where it is on this machine

  [[nodiscard]] bool operator==(const Library&) const = default;
};

struct ProgramNeeds {
  std::filesystem::path loader;  // must be at this path where the program is started; "" if static
  std::vector<Library> libraries;  // found there by LD_LIBRARY_PATH
};

// As the program's own loader says; the program is not run. Error: no 64-bit ELF file, or a library
// that is not there.
[[nodiscard]] Result<ProgramNeeds> needs_of_program(const std::filesystem::path& program);

// The path of the loader that an ELF file names; nothing where it is static. Pure. Error: no 64-bit
// little-endian ELF file.
[[nodiscard]] Result<std::optional<std::string>> loader_named_in(std::string_view elf);

// One line of what a loader's --list prints; nothing for what is no file (the vDSO) or is named by
// its path (the loader itself). Pure. Error: "not found".
[[nodiscard]] Result<std::optional<Library>> library_in(std::string_view line);

}  // namespace faultline
