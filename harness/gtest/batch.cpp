#include "harness/gtest/batch.hpp"

#include <set>

#include "harness/cli/run_command.hpp"

namespace faultline {

int Batch::run(const std::vector<std::string>& variants) {
  results_.clear();
  RunArguments arguments = arguments_;
  std::set<std::string> names;
  for (const std::string& variant : variants) names.insert(without_repetition(variant));
  arguments.only.assign(names.begin(), names.end());
  RunCommand command(std::move(arguments), Shard{});
  command.show_nothing();
  for (const auto step :
       {&RunCommand::prepare, &RunCommand::make_folders, &RunCommand::plan, &RunCommand::play_all})
    if (const auto done = (command.*step)(); !done) return done.error();
  for (const CaseResult& result : command.results()) results_[result.variant()] = result;
  return all_as_expected;
}

const CaseResult* Batch::result_of(const std::string& variant) const {
  const auto found = results_.find(variant);
  return found == results_.end() ? nullptr : &found->second;
}

}  // namespace faultline
