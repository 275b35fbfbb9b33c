#include "harness/kernel/uml_build.hpp"

#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <thread>

#include "harness/kernel/cache.hpp"
#include "harness/kernel/uml_source.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// While it is built: the source package and its tarball 0.3 GB, unpacked and compiled 0.8 GB.
constexpr uint64_t bytes_needed = 1500ULL << 20;
constexpr size_t log_lines_shown = 15;

struct Folders {
  explicit Folders(const UmlPlaces& places)
      : kernels(places.cache / "kernels"), sources(places.cache / "sources") {}
  fs::path kernels, sources;
};

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) return fail("cannot read {}", path.string());
  return std::move(text).str();
}

// In a configuration an option that is off looks like a comment.
bool is_comment(std::string_view line) {
  return line.empty() || (line.starts_with('#') && !line.starts_with("# CONFIG_"));
}

// FNV-1a: short names, no adversary.
void add_to_hash(uint64_t& hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
}

Result<fs::path> file_of(const KernelName& name, const UmlPlaces& places,
                         const std::string& source_version) {
  const auto hash = recipe_hash(places.recipe);
  if (!hash) return std::unexpected(hash.error());
  return Folders(places).kernels / uml_file_name(name, source_version, *hash);
}

// The same kernel of whatever source is there.
std::optional<fs::path> newest_built(const KernelName& name, const fs::path& kernels,
                                     const std::string& hash) {
  const std::string ends = uml_file_name(name, "", hash);
  const std::string start = ends.substr(0, ends.find('_') + 1), end = "_" + hash;
  std::optional<fs::path> newest;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(kernels, error)) {
    const std::string file = entry.path().filename().string();
    if (!file.starts_with(start) || !file.ends_with(end)) continue;
    if (!newest || fs::last_write_time(entry, error) > fs::last_write_time(*newest, error))
      newest = entry.path();
  }
  return newest;
}

struct NeededTool {
  const char* program;
  const char* package;
};
constexpr std::array needed_tools = {
    NeededTool{"gcc", "gcc"},          NeededTool{"ld", "binutils"}, NeededTool{"make", "make"},
    NeededTool{"flex", "flex"},        NeededTool{"bison", "bison"}, NeededTool{"bc", "bc"},
    NeededTool{"xz", "xz-utils"},      NeededTool{"tar", "tar"},     NeededTool{"bash", "bash"},
    NeededTool{"setsid", "util-linux"}};

Result<void> require_tools() {
  std::vector<std::string> programs, packages;
  for (const auto& [program, package] : needed_tools) {
    if (have_tool(program)) continue;
    programs.emplace_back(program);
    packages.emplace_back(package);
  }
  if (programs.empty()) return {};
  return fail("to build a kernel, {} {} missing:\n  apt-get install {}", fmt::join(programs, ", "),
              programs.size() == 1 ? "is" : "are", fmt::join(packages, " "));
}

Result<void> require_machine() {
  utsname machine{};
  uname(&machine);
  if (std::string_view(machine.machine) == "x86_64") return {};
  return fail("User-Mode Linux kernels are for x86_64, not for {}; use --kernel host",
              machine.machine);
}

Result<void> require_all(const Folders& folders) {
  if (const auto right = require_machine(); !right) return right;
  if (const auto tools = require_tools(); !tools) return tools;
  for (const fs::path& folder : {folders.kernels, folders.sources})
    if (const auto made = make_writable(folder); !made) return made;
  return require_room(folders.kernels, bytes_needed);
}

Result<KernelSource> source_of(const KernelName& name, const UmlPlaces& places,
                               const fs::path& work, Watcher& watcher) {
  if (const auto installed = installed_source(places.installed, name.source)) return *installed;
  const fs::path kept_in = Folders(places).sources;
  if (const auto kept = kept_source(kept_in, name.source)) return *kept;
  return fetch_source(kept_in, work, name.source, watcher);
}

std::optional<size_t> number(std::istringstream& words) {
  size_t value = 0;
  return words >> value ? std::optional(value) : std::nullopt;
}

// "progress 12 1260"
void take_line(std::string_view line, Watcher& watcher) {
  std::istringstream words{std::string(line)};
  std::string word;
  if (!(words >> word) || word != "progress") return;
  const auto done = number(words), of = number(words);
  if (done && of) watcher.count(*done, *of);
}

// What the recipe said, and the end of the log, which is kept beside the kernels.
std::unexpected<Error> build_failed(const ToolEnd& end, const fs::path& log, const fs::path& kept) {
  std::vector<std::string> lines;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    lines.push_back("  " + line);
    if (lines.size() > log_lines_shown) lines.erase(lines.begin());
  }
  file.close();
  std::error_code error;
  fs::rename(log, kept, error);
  std::string what = fmt::format("the kernel could not be built: {}", fmt::join(end.said, "\n"));
  if (!lines.empty()) what += fmt::format("\nThe end of its log:\n{}", fmt::join(lines, "\n"));
  if (!error) what += fmt::format("\nAll of it is in {}", kept.string());
  return std::unexpected(Error{std::move(what)});
}

Result<fs::path> build_in(const fs::path& work, const KernelName& name, const fs::path& tarball,
                          const UmlPlaces& places, const fs::path& final_name, Watcher& watcher) {
  const fs::path folder = work / "build";
  const auto jobs = std::max(1U, std::thread::hardware_concurrency());
  watcher.say("building " + final_name.filename().string());
  const auto end = run_tool({"bash", (places.recipe / "build").string(), tarball.string(),
                             folder.string(), std::to_string(name.hz), std::to_string(jobs)},
                            watcher, [&](std::string_view line) { take_line(line, watcher); });
  if (!end) return std::unexpected(end.error());
  if (end->status != 0 || !fs::exists(folder / "linux"))
    return build_failed(*end, folder / "log", final_name.string() + ".log");
  if (const auto placed = place(folder / "linux", final_name); !placed)
    return std::unexpected(placed.error());
  std::error_code ignored;
  fs::remove(final_name.string() + ".log", ignored);  // of an attempt that failed
  return final_name;
}

}  // namespace

std::string uml_file_name(const KernelName& name, const std::string& source_version,
                          const std::string& hash) {
  return fmt::format("uml-{}@{}_{}_{}", name.source, name.hz, source_version, hash);
}

Result<std::string> recipe_hash(const fs::path& recipe) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char* file : {"config", "build"}) {
    const auto text = read_file(recipe / file);
    if (!text) return std::unexpected(text.error());
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);)
      if (!is_comment(line)) add_to_hash(hash, line + "\n");
  }
  return fmt::format("{:08x}", static_cast<uint32_t>(hash ^ (hash >> 32)));
}

Result<std::optional<fs::path>> uml_path(const KernelName& name, const UmlPlaces& places) {
  const auto hash = recipe_hash(places.recipe);
  if (!hash) return std::unexpected(hash.error());
  const fs::path kernels = Folders(places).kernels;
  const auto installed = installed_source(places.installed, name.source);
  if (!installed) return newest_built(name, kernels, *hash);
  const fs::path wanted = kernels / uml_file_name(name, installed->version, *hash);
  return fs::exists(wanted) ? std::optional(wanted) : std::nullopt;
}

Result<fs::path> build_uml(const KernelName& name, const UmlPlaces& places, Watcher& watcher) {
  const auto built = uml_path(name, places);
  if (!built) return std::unexpected(built.error());
  if (*built) return **built;
  const Folders folders(places);
  if (const auto ready = require_all(folders); !ready) return std::unexpected(ready.error());
  const auto lock = CacheLock::take(folders.kernels / "lock", [&] {
    watcher.say("waiting for another process that builds a kernel in " + places.cache.string());
  });
  if (!lock) return std::unexpected(lock.error());
  // Whoever held the lock may have built it.
  if (const auto meanwhile = uml_path(name, places); meanwhile && *meanwhile) return **meanwhile;
  const auto work = WorkFolder::make(folders.kernels);
  if (!work) return std::unexpected(work.error());
  const auto source = source_of(name, places, work->path(), watcher);
  if (!source) return std::unexpected(source.error());
  const auto final_name = file_of(name, places, source->version);
  if (!final_name) return std::unexpected(final_name.error());
  const auto tarball = tarball_of(*source, work->path(), name.source, watcher);
  if (!tarball) return std::unexpected(tarball.error());
  return build_in(work->path(), name, *tarball, places, *final_name, watcher);
}

}  // namespace faultline
