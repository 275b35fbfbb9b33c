#include "harness/stack/build.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "harness/kernel/cache.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_of_a_file = 16 << 20;

// FNV-1a: short names, no adversary.
void add_to_hash(uint64_t& hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
}

std::vector<fs::path> sources_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.is_regular_file(error) && entry.path() != folder / "stack.toml" &&
        entry.path() != folder / "known.toml")
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

Result<void> add_folder(uint64_t& hash, const fs::path& folder) {
  for (const fs::path& file : sources_of(folder)) {
    const auto text = read_file(file, most_of_a_file);
    if (!text) return std::unexpected(text.error());
    add_to_hash(hash, file.lexically_relative(folder).string() + "\n");
    add_to_hash(hash, *text);
  }
  return {};
}

Result<std::string> hash_of(const Stack& stack) {
  uint64_t hash = 0xcbf29ce484222325ULL;
  for (const fs::path& folder : {stack.folder, stack.like}) {
    if (folder.empty()) continue;
    if (const auto added = add_folder(hash, folder); !added) return std::unexpected(added.error());
  }
  return fmt::format("{:08x}", static_cast<uint32_t>(hash ^ (hash >> 32)));
}

}  // namespace

Result<fs::path> stack_output(const Stack& stack, const fs::path& cache) {
  const auto hash = hash_of(stack);
  if (!hash) return std::unexpected(hash.error());
  return cache / "stacks" / fmt::format("{}_{}", stack.name, *hash);
}

Result<fs::path> build_stack(const Stack& stack, const fs::path& cache, Watcher& watcher) {
  const auto output = stack_output(stack, cache);
  if (!output || fs::exists(*output)) return output;
  const fs::path folder = output->parent_path();
  if (const auto made = make_writable(folder); !made) return std::unexpected(made.error());
  const auto lock = CacheLock::take(
      folder / "lock", [&] { watcher.say("waiting for another program that builds a stack"); });
  if (!lock) return std::unexpected(lock.error());
  if (fs::exists(*output)) return output;
  const auto work = WorkFolder::make(folder);
  if (!work) return std::unexpected(work.error());
  const fs::path made_in = work->path() / "out";
  fs::create_directory(made_in);
  watcher.say(fmt::format("building the stack {} ({})", stack.name, stack.title));
  const auto words =
      filled_in(stack.build, {.bin = "", .stack = fs::absolute(stack.folder), .out = made_in});
  const auto end = run_tool(words, watcher, [](std::string_view) {});
  if (!end) return std::unexpected(end.error());
  if (end->status != 0)
    return fail("the stack {} could not be built: {} {}{}{}", stack.name, words.front(), end->how,
                end->last_words.empty() ? " and said nothing" : "\n  ",
                fmt::join(end->last_words, "\n  "));
  if (const auto placed = place(made_in, *output); !placed) return std::unexpected(placed.error());
  return output;
}

}  // namespace faultline
