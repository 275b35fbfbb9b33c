#include "harness/cli/stacks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/tell.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/kernel/cache.hpp"
#include "harness/stack/build.hpp"
#include "harness/util/suggest.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

std::expected<void, int> check_known(const Stack& stack) {
  const auto suite = suite_folder();
  if (!suite) return refuse(internal_error, suite.error().what);
  for (const KnownDeviation& entry : stack.known)
    if (!fs::exists(*suite / (entry.case_id + ".toml")))
      return refuse(bad_case_file,
                    fmt::format("{}: no case is named '{}'", (stack.folder / "known.toml").string(),
                                entry.case_id));
  return {};
}

std::expected<fs::path, int> output_of(const Stack& stack) {
  if (stack.build.empty()) return fs::path();
  const auto cache = cache_folder();
  if (!cache) return refuse(internal_error, cache.error().what);
  Terminal terminal;
  Watcher watcher{.say = [&](const std::string& what) { terminal.print(safe_text(what) + "\n"); },
                  .count = [](size_t, size_t) {}};
  const auto built = build_stack(stack, *cache, watcher);
  if (!built)
    return refuse(watcher.interrupted ? interrupted : nothing_failed_but_unsure,
                  built.error().what);
  return *built;
}

// A path. The program's own stacks keep their names for themselves: results tell stacks apart by
// them.
std::expected<fs::path, int> folder_of_a_user(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(fs::path(path) / "stack.toml", error))
    return refuse(usage_error, fmt::format("there is no {}/stack.toml", path));
  const fs::path folder = fs::canonical(path, error);
  const std::string name = folder.filename();
  const auto own = stack_folder(name);
  if (!own || !fs::exists(*own / "stack.toml") || fs::equivalent(*own, folder, error))
    return folder;
  return refuse(usage_error,
                fmt::format("{}: the name '{}' is taken by the program's own stack, and results "
                            "would look like its: rename the folder, and 'name' in its stack.toml",
                            path, name));
}

std::expected<ChosenStack, int> choose(const std::string& name) {
  const auto folder = find_stack(name);
  if (!folder) return std::unexpected(folder.error());
  auto stack = read_stack(*folder);
  if (!stack) return refuse(bad_case_file, stack.error());
  if (const auto known = check_known(*stack); !known) return std::unexpected(known.error());
  ChosenStack chosen{.stack = std::move(*stack), .foreign = {}};
  if (chosen.stack.name == reference_stack) return chosen;
  const auto output = output_of(chosen.stack);
  if (!output) return std::unexpected(output.error());
  const Stack& of = chosen.stack;
  chosen.foreign = ForeignStack{.name = of.name,
                                .start = filled_in(of.start, {.bin = this_program().parent_path(),
                                                              .stack = fs::absolute(of.folder),
                                                              .out = *output}),
                                .attach = of.attach,
                                .tells_states = of.states == StateSource::driver,
                                .ticks = of.ticks,
                                .promises = of.promises};
  return chosen;
}

}  // namespace

std::vector<std::string> stack_names() {
  std::vector<std::string> names;
  const auto reference = stack_folder(std::string(reference_stack));
  std::error_code error;
  if (reference)
    for (const auto& entry : fs::directory_iterator(reference->parent_path(), error))
      if (fs::exists(entry.path() / "stack.toml")) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

std::expected<fs::path, int> find_stack(const std::string& name) {
  if (name.find('/') != name.npos) return folder_of_a_user(name);
  const auto folder = stack_folder(name);
  if (folder) return *folder;
  return refuse(usage_error,
                fmt::format("there is no stack '{}'{}; a path with a '/' names a folder", name,
                            did_you_mean(name, stack_names())));
}

std::expected<std::vector<ChosenStack>, int> choose_stacks(const std::vector<std::string>& names) {
  std::vector<ChosenStack> all;
  const std::vector<std::string> usual{std::string(reference_stack)};
  for (const std::string& name : names.empty() ? usual : names) {
    auto chosen = choose(name);
    if (!chosen) return std::unexpected(chosen.error());
    for (const ChosenStack& one : all)
      if (one.stack.name == chosen->stack.name)
        return refuse(usage_error, fmt::format("--stack {} is named twice", one.stack.name));
    all.push_back(std::move(*chosen));
  }
  return all;
}

std::map<std::string, std::vector<KnownDeviation>> known_of(
    const std::vector<ChosenStack>& stacks) {
  std::map<std::string, std::vector<KnownDeviation>> known;
  for (const ChosenStack& one : stacks) known[one.stack.name] = one.stack.known;
  return known;
}

}  // namespace faultline
