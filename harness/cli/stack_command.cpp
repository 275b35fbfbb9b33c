// faultline stack build, list and path.
#include <fmt/format.h>

#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/stacks.hpp"
#include "harness/cli/tell.hpp"
#include "harness/kernel/cache.hpp"
#include "harness/stack/build.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// Nothing: it is not built yet, or nothing is built for it.
Result<std::string> where_built(const Stack& stack) {
  if (stack.build.empty()) return "";
  const auto cache = cache_folder();
  if (!cache) return std::unexpected(cache.error());
  const auto output = stack_output(stack, *cache);
  if (!output) return std::unexpected(output.error());
  return fs::exists(*output) ? output->string() : "";
}

void list_one(const Stack& stack) {
  const auto built = where_built(stack);
  const std::string where = !built                ? built.error().what
                            : !built->empty()     ? *built
                            : stack.build.empty() ? "nothing to build"
                                                  : "not built: when it is used";
  tell(stdout,
       fmt::format("{:<10} {:<28} {}\n", stack.name, safe_text(stack.title), safe_text(where)));
}

}  // namespace

int stack_build_command(const std::vector<std::string>& names) {
  const auto built = choose_stacks(names);
  if (!built) return built.error();
  for (const ChosenStack& one : *built) list_one(one.stack);
  return all_as_expected;
}

int stack_list_command() {
  for (const std::string& name : stack_names()) {
    const auto folder = stack_folder(name);
    if (!folder) return complain(internal_error, folder.error().what);
    const auto stack = read_stack(*folder);
    if (!stack) return complain(bad_case_file, stack.error());
    list_one(*stack);
  }
  return all_as_expected;
}

int stack_path_command(const std::string& name) {
  const auto folder = find_stack(name);
  if (!folder) return folder.error();
  const auto stack = read_stack(*folder);
  if (!stack) return complain(bad_case_file, stack.error());
  if (stack->build.empty())
    return complain(something_failed,
                    fmt::format("nothing is built for the stack {}", stack->name));
  const auto built = where_built(*stack);
  if (!built) return complain(something_failed, built.error().what);
  if (built->empty())
    return complain(something_failed,
                    fmt::format("{0} is not built: 'faultline stack build {0}'", name));
  fmt::print("{}\n", *built);
  return all_as_expected;
}

}  // namespace faultline
