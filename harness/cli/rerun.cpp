#include "harness/cli/rerun.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "harness/case/reader.hpp"
#include "harness/cli/places.hpp"

namespace faultline {
namespace {

// In quotes, as a shell reads it back.
std::string quoted(const std::string& text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return all + "'";
}

// In quotes where it needs them.
std::string word(const std::string& text) {
  const bool is_plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) || std::strchr("-_./:@%+,=", c) != nullptr;
  });
  return is_plain ? text : quoted(text);
}

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
  std::string command = fmt::format("faultline run --kernel {} {}", word(kernel),
                                    word(in_suite ? the_case.id : the_case.file));
  if (variant.stack)
    command += fmt::format(" --stack {}", word(stack_argument(*variant.stack, setting.arguments)));
  if (variant.stack && variant.stack->remote)
    command += " --remote " + word(setting.arguments.remote);
  if (variant.stack && variant.stack->remote && !setting.arguments.remote_token.empty())
    command += " --remote-token " + word(setting.arguments.remote_token);
  command += fmt::format(" --{} --seed {}", to_string(variant.family), setting.seed);
  for (const auto& [name, value] : setting.overrides)
    command += fmt::format(" --sysctl {}", quoted(name + "=" + value));
  const double scale = setting.timing_scale;
  if (scale != 1) command += fmt::format(" --timing-scale {}", scale);
  return command;
}

}  // namespace faultline
