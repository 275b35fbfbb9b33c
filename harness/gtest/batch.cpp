#include "harness/gtest/batch.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "harness/cli/run_command.hpp"

namespace faultline {

RunArguments Batch::arguments_for(const std::vector<std::string>& variants) const {
  RunArguments arguments = arguments_;
  std::set<std::string> names;
  for (const std::string& variant : variants) names.insert(without_repetition(variant));
  arguments.only.assign(names.begin(), names.end());
  if (iteration_ > 1) arguments.out += fmt::format("/iteration-{}", iteration_);
  return arguments;
}

int Batch::run(const std::vector<std::string>& variants) {
  results_.clear();
  ++iteration_;
  RunCommand command(arguments_for(variants), Shard{});
  command.show_nothing();
  for (const auto step : {&RunCommand::prepare, &RunCommand::make_folders, &RunCommand::plan})
    if (const auto done = (command.*step)(); !done) return done.error();
  seed_ = command.info().seed;
  fmt::print("Note: the cases run with --seed {}\n", seed_);
  std::fflush(stdout);
  const auto played = command.play_all();
  if (!played) return played.error();
  interrupted_ = command.info().interrupted;
  for (const CaseResult& result : command.results()) results_[result.variant()] = result;
  return all_as_expected;
}

const CaseResult* Batch::result_of(const std::string& variant) const {
  const auto found = results_.find(variant);
  return found == results_.end() ? nullptr : &found->second;
}

}  // namespace faultline
