#include "harness/kernel/deb.hpp"

#include <fmt/ranges.h>
#include <sys/wait.h>

#include <optional>

#include "harness/kernel/cache.hpp"
#include "harness/kernel/deb_choice.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// The packages themselves beside what is unpacked from them.
constexpr uint64_t bytes_for_packages = uint64_t{200} << 20;

// The output of a tool that went well. `why` begins the sentence where it did not.
Result<std::string> said_by(const std::vector<std::string>& argv, Watcher& watcher,
                            const std::string& why) {
  std::string output;
  const auto end =
      run_tool(argv, watcher, [&](std::string_view line) { output.append(line).push_back('\n'); });
  if (!end) return std::unexpected(end.error());
  if (end->status == 0) return output;
  return fail("{}; {} says:\n  {}", why, argv.front(), fmt::join(end->said, "\n  "));
}

Result<void> require_tools() {
  for (const char* tool : {"apt-get", "apt-cache", "dpkg-deb"})
    if (!have_tool(tool))
      return fail(
          "there is no {} to fetch a kernel's package with; unpack one yourself and give its "
          "vmlinuz: --kernel PATH/boot/vmlinuz-VERSION",
          tool);
  return {};
}

Result<PackageRecord> choose(const std::string& glob, Watcher& watcher) {
  const std::string known = glob.substr(0, glob.find_first_of("*?"));
  const std::string advice =
      fmt::format("apt knows of no package {}; is 'apt-get update' needed?", glob);
  const auto names = said_by({"apt-cache", "pkgnames", known}, watcher, advice);
  if (!names) return std::unexpected(names.error());
  std::vector<std::string> show = {"apt-cache", "show", "--no-all-versions"};
  for (size_t at = 0, end = 0; (end = names->find('\n', at)) != std::string::npos; at = end + 1)
    if (const auto name = names->substr(at, end - at); matches_package(glob, name))
      show.push_back(name);
  constexpr size_t without_names = 3;
  if (show.size() == without_names) return fail("{}", advice);
  const auto text = said_by(show, watcher, advice);
  if (!text) return std::unexpected(text.error());
  auto chosen = newest_kernel(glob, package_records(*text));
  if (!chosen) return fail("{}", advice);
  return chosen;
}

Result<fs::path> vmlinuz_in(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder / "boot", error))
    if (entry.path().filename().string().starts_with("vmlinuz-")) return entry.path();
  return fail("{} holds no kernel (boot/vmlinuz-…)", folder.string());
}

// Neither has an underscore in it.
std::string folder_name(const std::string& package, const std::string& version) {
  return fmt::format("{}_{}", package, version);
}

std::optional<KernelPackage> kept(const std::string& glob, const fs::path& packages) {
  std::optional<KernelPackage> newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(packages, error)) {
    const std::string file = entry.path().filename().string();
    const size_t middle = file.find('_');
    if (middle == file.npos || !matches_package(glob, file.substr(0, middle))) continue;
    const auto vmlinuz = vmlinuz_in(entry.path());
    const std::string version = file.substr(middle + 1);
    if (vmlinuz && (!newest || compare_versions(version, newest->version) > 0))
      newest = {file.substr(0, middle), version, *vmlinuz};
  }
  return newest;
}

Result<void> unpack(const PackageRecord& package, const fs::path& work, const fs::path& tree,
                    Watcher& watcher) {
  std::vector<std::string> fetch = {"env",
                                    "-C",
                                    work.string(),
                                    "apt-get",
                                    "-q",
                                    "download",
                                    fmt::format("{}={}", package.name, package.version)};
  fetch.insert(fetch.end(), package.modules.begin(), package.modules.end());
  watcher.say("fetching " + package.name);
  const auto fetched =
      said_by(fetch, watcher,
              fmt::format("{} cannot be fetched; is 'apt-get update' needed?", package.name));
  if (!fetched) return std::unexpected(fetched.error());
  watcher.say("unpacking " + package.name);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(work, error)) {
    if (entry.path().extension() != ".deb") continue;
    const auto done = said_by({"dpkg-deb", "--extract", entry.path().string(), tree.string()},
                              watcher, fmt::format("{} cannot be unpacked", package.name));
    if (!done) return std::unexpected(done.error());
  }
  return {};
}

Result<KernelPackage> fetch(const std::string& glob, const fs::path& packages, Watcher& watcher);

// The kernel that a package only stands for. A link of its name makes it found the next time.
Result<KernelPackage> fetch_for(const PackageRecord& package, const fs::path& packages,
                                Watcher& watcher) {
  const std::string& real = package.kernels.front();
  auto found = kept(real, packages);
  if (!found) {
    auto fetched = fetch(real, packages, watcher);
    if (!fetched) return fetched;
    found = std::move(*fetched);
  }
  std::error_code ignored;
  fs::create_directory_symlink(folder_name(found->name, found->version),
                               packages / folder_name(package.name, package.version), ignored);
  return std::move(*found);
}

// Below its final name, which says what it is.
Result<KernelPackage> fetch(const std::string& glob, const fs::path& packages, Watcher& watcher) {
  auto package = choose(glob, watcher);
  if (!package) return std::unexpected(package.error());
  if (!package->kernels.empty()) return fetch_for(*package, packages, watcher);
  if (const auto room = require_room(packages, package->unpacked + bytes_for_packages); !room)
    return std::unexpected(room.error());
  const auto work = WorkFolder::make(packages);
  if (!work) return std::unexpected(work.error());
  const fs::path tree = work->path() / "tree";
  if (auto done = unpack(*package, work->path(), tree, watcher); !done)
    return std::unexpected(done.error());
  if (const auto vmlinuz = vmlinuz_in(tree); !vmlinuz)
    return fail("the package {} holds no kernel", package->name);
  const fs::path folder = packages / folder_name(package->name, package->version);
  if (auto placed = place(tree, folder); !placed) return std::unexpected(placed.error());
  return KernelPackage{package->name, package->version, *vmlinuz_in(folder)};
}

}  // namespace

Result<KernelPackage> kernel_package(const std::string& glob, const fs::path& cache,
                                     Watcher& watcher) {
  const fs::path packages = cache / "packages";
  if (auto found = kept(glob, packages)) return *found;
  if (const auto tools = require_tools(); !tools) return std::unexpected(tools.error());
  if (const auto made = make_writable(packages); !made) return std::unexpected(made.error());
  const auto lock = CacheLock::take(
      packages / "lock", [&] { watcher.say("waiting for another process that fetches a kernel"); });
  if (!lock) return std::unexpected(lock.error());
  if (auto found = kept(glob, packages)) return *found;
  return fetch(glob, packages, watcher);
}

}  // namespace faultline
