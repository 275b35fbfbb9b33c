#include "harness/cli/rerun.hpp"

#include <fmt/format.h>

#include "harness/case/reader.hpp"
#include "harness/cli/places.hpp"

namespace faultline {
namespace {

// As it was given: a name, or a folder.
std::string stack_argument(const ForeignStack& stack, const RunArguments& arguments) {
  for (const std::string& given : arguments.stacks)
    if (std::filesystem::path(given).filename() == stack.name) return given;
  return stack.name;
}

}  // namespace

std::string rerun_command(const Variant& variant, const std::string& kernel,
                          const RunSetting& setting) {
  const Case& the_case = *variant.the_case;
  const auto suite = suite_folder();
  std::error_code ignored;
  const bool in_suite = suite && is_below(the_case.file, *suite) &&
                        std::filesystem::equivalent(*suite / (the_case.id + ".toml"),
                                                    the_case.file, ignored);
  std::string command = fmt::format("faultline run --kernel {} {}", kernel,
                                    in_suite ? the_case.id : the_case.file);
  if (variant.stack)
    command += fmt::format(" --stack {}", stack_argument(*variant.stack, setting.arguments));
  if (variant.stack && variant.stack->remote)
    command += " --remote " + setting.arguments.remote;
  if (variant.stack && variant.stack->remote && !setting.arguments.remote_token.empty())
    command += " --remote-token " + setting.arguments.remote_token;
  command += fmt::format(" --{} --seed {}", to_string(variant.family), setting.seed);
  for (const auto& [name, value] : setting.overrides)
    command += fmt::format(" --sysctl '{}={}'", name, value);
  const double scale = setting.timing_scale;
  if (scale != 1) command += fmt::format(" --timing-scale {}", scale);
  return command;
}

}  // namespace faultline
