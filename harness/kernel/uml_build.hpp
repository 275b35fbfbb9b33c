// UML kernels, built once from the distribution's source and kept in the cache.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/kernel/kernel_name.hpp"
#include "harness/kernel/tool.hpp"
#include "harness/util/error.hpp"

namespace faultline {

struct UmlPlaces {
  std::filesystem::path recipe;                  // the folder with `build` and `config`
  std::filesystem::path cache;                   // cache_folder()
  std::filesystem::path installed = "/usr/src";  // where source packages put their tarballs
};

// A kernel's file name says all that it depends on: its name, its HZ, the source package's version
// and a hash of the recipe, "uml-6.12@250_6.12.117-1~deb12u1_5b1d3c9a".
[[nodiscard]] std::string uml_file_name(const KernelName& name, const std::string& source_version,
                                        const std::string& recipe_hash);

// Of what the recipe's two files say; comments do not count. Error: one of them cannot be read.
[[nodiscard]] Result<std::string> recipe_hash(const std::filesystem::path& recipe);

// The built kernel, or nothing where it is still to be built: of the installed source where there
// is one, else the newest that is there. Milliseconds. REQUIRES: name.kind is uml.
[[nodiscard]] Result<std::optional<std::filesystem::path>> uml_path(const KernelName& name,
                                                                    const UmlPlaces& places);

// The kernel, built where it is not there: minutes on all processors and 1.5 GB while it is done.
// Waits for another process that builds in this cache. Error: what is missing and how to get it, or
// the end of the build's log; nothing half-built is ever found by uml_path. REQUIRES: name.kind is
// uml.
[[nodiscard]] Result<std::filesystem::path> build_uml(const KernelName& name,
                                                      const UmlPlaces& places, Watcher& watcher);

}  // namespace faultline
