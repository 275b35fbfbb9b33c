// Where the source of a UML kernel comes from: the distribution's package linux-source-VERSION.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/kernel/tool.hpp"
#include "harness/util/error.hpp"

namespace faultline {

struct KernelSource {
  std::filesystem::path file;  // the tarball, or the package that holds it
  std::string version;         // the package's, "6.12.117-1~deb12u1"

  [[nodiscard]] bool packed() const { return file.extension() == ".deb"; }
};

// The tarball that the installed package put into `folder` (/usr/src), or nothing. Asks dpkg for
// its version; a tarball that dpkg does not know has one made of its size and time.
[[nodiscard]] std::optional<KernelSource> installed_source(const std::filesystem::path& folder,
                                                           const std::string& version);

// A package in `folder` of the cache, the newest where there are several, or nothing.
[[nodiscard]] std::optional<KernelSource> kept_source(const std::filesystem::path& folder,
                                                      const std::string& version);

// Has apt fetch the package into `folder`, by way of `work`. Needs no privilege. Error: apt's, with
// what to do; interrupted.
[[nodiscard]] Result<KernelSource> fetch_source(const std::filesystem::path& folder,
                                                const std::filesystem::path& work,
                                                const std::string& version, Watcher& watcher);

// The tarball of `source`, unpacked below `work` where it is in a package.
[[nodiscard]] Result<std::filesystem::path> tarball_of(const KernelSource& source,
                                                       const std::filesystem::path& work,
                                                       const std::string& version,
                                                       Watcher& watcher);

}  // namespace faultline
