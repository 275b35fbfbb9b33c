// A stack as its folder describes it: stacks/NAME/stack.toml and known.toml
// (docs/adding-a-stack.md is the contract for users).
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/case/case_error.hpp"
#include "harness/judge/judge.hpp"
#include "harness/tcp/timer_promise.hpp"
#include "harness/world/attach.hpp"

namespace faultline {

// Who tells the states of its connections.
enum class StateSource : uint8_t { sock_diag, driver, none };

struct Stack {
  std::string name, title;
  std::filesystem::path folder;
  std::filesystem::path like;  // the folder of the stack that this is a variety of; empty: of none
  std::vector<std::string> build;  // "{stack}" and "{out}" still in it; empty: nothing is built
  std::vector<std::string> start;  // "{bin}", "{stack}", "{out}", "{env:NAME}" still in it
  Attach attach = Attach::kernel;
  bool monotonic = true;       // its driver's stamps are CLOCK_MONOTONIC
  std::optional<Ticks> ticks;  // nothing: Linux's timer wheel
  StateSource states = StateSource::none;
  std::vector<Family> families;
  std::vector<std::string> calls, options;
  bool has_sysctls = false;
  std::map<std::string, std::string> sysctl;  // full names: what it amounts to without having any
  std::vector<TimerPromise> promises;
  std::vector<KnownDeviation> known;

  [[nodiscard]] const TimerPromise* promise(const std::string& timer) const;
};

// The stack that stands at the end that is not under test.
inline constexpr std::string_view reference_stack = "linux";

// Reads both files of the folder. Strict: a key that is not known, a model that does not exist, a
// call that the protocol does not have is an error with its place.
//
// `like = "lwip"` takes everything that the file does not say from stacks/lwip, the known deviations
// too; those of a known.toml of its own, which need not be there, come on top. A table replaces the
// other's as a whole. A variety of a variety is refused.
[[nodiscard]] std::expected<Stack, CaseError> read_stack(const std::filesystem::path& folder);

// `words` with "{bin}", "{stack}" and "{out}" filled in, and "{env:NAME}" from this process's
// environment ("" where that has no NAME): a guest's drivers do not inherit it.
struct StackPlaces {
  std::filesystem::path bin, stack, out;
};
[[nodiscard]] std::vector<std::string> filled_in(std::vector<std::string> words,
                                                 const StackPlaces& places);

}  // namespace faultline
