#include "harness/kernel/uml_source.hpp"

#include <fmt/ranges.h>

#include "harness/kernel/cache.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

std::string package_name(const std::string& version) {
  return "linux-source-" + version;
}

// "linux-source-6.12_6.12.117-1~deb12u1_all.deb" is of version "6.12.117-1~deb12u1".
std::optional<std::string> version_in(const std::string& file, const std::string& package) {
  const std::string start = package + "_", end = "_all.deb";
  if (!file.starts_with(start) || !file.ends_with(end)) return {};
  return file.substr(start.size(), file.size() - start.size() - end.size());
}

// As dpkg has it installed, or "".
std::string installed_version(const std::string& package) {
  Watcher nobody;
  std::string version;
  const auto end = run_tool({"dpkg-query", "-W", "-f=${Version}\\n", package}, nobody,
                            [&](std::string_view line) { version = line; });
  return end && end->status == 0 ? version : "";
}

}  // namespace

std::optional<KernelSource> installed_source(const fs::path& folder, const std::string& version) {
  const fs::path file = folder / (package_name(version) + ".tar.xz");
  std::error_code error;
  const uintmax_t size = fs::file_size(file, error);
  if (error) return {};
  if (std::string known = installed_version(package_name(version)); !known.empty())
    return KernelSource{file, known};
  const auto changed = fs::last_write_time(file, error).time_since_epoch().count();
  return KernelSource{file, fmt::format("local-{}-{}", size, changed)};
}

std::optional<KernelSource> kept_source(const fs::path& folder, const std::string& version) {
  std::optional<KernelSource> newest;
  fs::file_time_type newest_time;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const auto found = version_in(entry.path().filename().string(), package_name(version));
    const auto time = fs::last_write_time(entry.path(), error);
    if (!found || error || (newest && time <= newest_time)) continue;
    newest = {entry.path(), *found};
    newest_time = time;
  }
  return newest;
}

Result<KernelSource> fetch_source(const fs::path& folder, const fs::path& work,
                                  const std::string& version, Watcher& watcher) {
  const std::string package = package_name(version);
  if (!have_tool("apt-get"))
    return fail(
        "there is no apt-get to fetch {} with; put the source of a kernel {} at "
        "/usr/src/{}.tar.xz",
        package, version, package);
  watcher.say("fetching " + package);
  const auto end = run_tool({"env", "-C", work.string(), "apt-get", "-q", "download", package},
                            watcher, [](std::string_view) {});
  if (!end) return std::unexpected(end.error());
  const auto fetched = kept_source(work, version);
  if (end->status != 0 || !fetched)
    return fail("the package {} cannot be fetched; is 'apt-get update' needed? apt-get says:\n  {}",
                package, fmt::join(end->said, "\n  "));
  const KernelSource kept{folder / fetched->file.filename(), fetched->version};
  const auto placed = place(fetched->file, kept.file);
  if (!placed) return std::unexpected(placed.error());
  return kept;
}

Result<fs::path> tarball_of(const KernelSource& source, const fs::path& work,
                            const std::string& version, Watcher& watcher) {
  if (!source.packed()) return source.file;
  watcher.say("unpacking " + source.file.filename().string());
  const fs::path folder = work / "package";
  const auto end = run_tool({"dpkg-deb", "--extract", source.file.string(), folder.string()},
                            watcher, [](std::string_view) {});
  if (!end) return std::unexpected(end.error());
  const fs::path tarball = folder / "usr/src" / (package_name(version) + ".tar.xz");
  if (end->status == 0 && fs::exists(tarball)) return tarball;
  return fail("{} does not hold a kernel's source; remove it and try again\n  {}",
              source.file.string(), fmt::join(end->said, "\n  "));
}

}  // namespace faultline
