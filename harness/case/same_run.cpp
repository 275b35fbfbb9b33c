#include "harness/case/same_run.hpp"

#include "harness/case/document.hpp"

namespace faultline {
namespace {

using nlohmann::json;

// What goes into the run, without what is only expected of it or said about it.
json what_runs(const std::string& text) {
  const auto document = Document::parse(text, "");
  if (!document) return {};
  json root = document->root();
  for (const char* key : {"title", "level", "spec", "claims", "slow", "families", "expect"})
    root.erase(key);
  if (const auto steps = root.find("step"); steps != root.end() && steps->is_array())
    for (json& step : *steps)
      for (const char* key : {"fails", "may_fail", "returns", "takes"})
        if (step.is_object()) step.erase(key);
  return root;
}

}  // namespace

std::string difference_of_runs(const std::string& recorded, const std::string& given) {
  const json changes = json::diff(what_runs(recorded), what_runs(given));
  return changes.empty() ? "" : changes[0]["path"].get<std::string>();
}

}  // namespace faultline
