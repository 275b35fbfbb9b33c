// --stack: from names to stacks that are ready to be started.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/job.hpp"
#include "harness/stack/stack.hpp"

namespace faultline {

// The names below stacks/, in order.
[[nodiscard]] std::vector<std::string> stack_names();

// The folder of a stack that is named so, or is this path. It has a stack.toml. A folder of a
// user's that is called like a stack of the program's own is refused. Error: as choose_stacks.
[[nodiscard]] std::expected<std::filesystem::path, int> find_stack(const std::string& name);

struct ChosenStack {
  Stack stack;
  std::optional<ForeignStack> foreign;  // nothing: the reference's own
};

// Each is a name below stacks/ or the path of a stack's folder; none is the reference's stack. What is to be built is built,
// with its progress on the terminal. Entries of known.toml must name cases of the suite. On an error
// it has been printed and the result is the exit code.
[[nodiscard]] std::expected<std::vector<ChosenStack>, int> choose_stacks(
    const std::vector<std::string>& names);

// What is known of all of them, by their names.
[[nodiscard]] std::map<std::string, std::vector<KnownDeviation>> known_of(
    const std::vector<ChosenStack>& stacks);

}  // namespace faultline
