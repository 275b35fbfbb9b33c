#include "reports/compare_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace faultline {
namespace {

using Json = nlohmann::ordered_json;

Json run_json(const ComparedRun& run) {
  Json json{{"stack", run.identity.column},
            {"sut", to_string(run.identity.sut)},
            {"outcome", to_string(run.outcome)},
            {"reason", run.reason}};
  if (!run.trace_file.empty()) json["trace"] = run.trace_file;
  return json;
}

Json pair_json(const Comparison& comparison, const ComparedPair& pair) {
  const ComparedRun &a = comparison.a.runs[pair.a], &b = comparison.b.runs[pair.b];
  Json json{{"case", a.identity.case_id},
            {"family", to_string(a.identity.family)},
            {"repetition", a.identity.repetition},
            {"at", to_string(pair.at)},
            {"traces_compared", pair.whole},
            {"a", run_json(a)},
            {"b", run_json(b)}};
  for (const Difference& difference : pair.differences)
    json["differences"].push_back({{"aspect", to_string(difference.aspect)},
                                   {"what", difference.what},
                                   {"a", difference.a},
                                   {"b", difference.b}});
  return json;
}

Json alone_json(const ComparedSide& side, const std::vector<size_t>& runs) {
  Json list = Json::array();
  for (const size_t run : runs) {
    const Identity& one = side.runs[run].identity;
    list.push_back({{"case", one.case_id},
                    {"family", to_string(one.family)},
                    {"repetition", one.repetition},
                    {"stack", one.column},
                    {"sut", to_string(one.sut)}});
  }
  return list;
}

}  // namespace

std::string compare_json(const Comparison& comparison) {
  Json json{{"faultline_compare", 1}};
  json["a"] = {{"run", comparison.a.name}, {"setup", setup_text(comparison.a)}};
  json["b"] = {{"run", comparison.b.name}, {"setup", setup_text(comparison.b)}};
  json["pairs"] = comparison.pairs.size();
  json["without_traces"] = std::ranges::count(comparison.pairs, false, &ComparedPair::whole);
  json["differing"] = Json::array();
  for (const ComparedPair& pair : comparison.pairs)
    if (!pair.differences.empty()) json["differing"].push_back(pair_json(comparison, pair));
  json["only_a"] = alone_json(comparison.a, comparison.only_a);
  json["only_b"] = alone_json(comparison.b, comparison.only_b);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faultline
