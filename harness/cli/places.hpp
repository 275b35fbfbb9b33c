// Where the program's own files are: beside it in a build, or in share/faultline when installed.
#pragma once

#include <filesystem>

#include "harness/kernel/uml_build.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// The running program. What asks for one of the others says in its error where it looked.
[[nodiscard]] std::filesystem::path this_program();
// The one that is named, as --suite does it; where none is, the program's own.
[[nodiscard]] Result<std::filesystem::path> suite_folder(const std::string& named = {});
[[nodiscard]] Result<std::filesystem::path> linux_driver();
[[nodiscard]] Result<std::filesystem::path> stack_folder(const std::string& name);
// How UML kernels are built.
[[nodiscard]] Result<std::filesystem::path> kernel_recipes();
// How they are built and where they are kept.
[[nodiscard]] Result<UmlPlaces> uml_places();

}  // namespace faultline
