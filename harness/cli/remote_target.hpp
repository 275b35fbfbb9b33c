// --remote: the stack under test is on another machine.
#pragma once

#include <expected>
#include <vector>

#include "harness/cli/commands.hpp"
#include "harness/cli/stacks.hpp"

namespace faultline {

// Tells the stack "remote", where it is among these, where it is, once it has been found to be there:
// an address that is not this machine's, a route, a token that nobody else can read and that the
// driver takes. On an error it has been printed and the result is the exit code.
[[nodiscard]] std::expected<void, int> find_remote(const RunArguments& arguments,
                                                   std::vector<ChosenStack>& stacks);

// Whether "remote" is among the names of --stack.
[[nodiscard]] bool names_remote(const std::vector<std::string>& stacks);

}  // namespace faultline
