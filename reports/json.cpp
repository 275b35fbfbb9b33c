#include "reports/json.hpp"

#include <nlohmann/json.hpp>

namespace faultline {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(Finding::Status status) {
  switch (status) {
    case Finding::Status::met:
      return "met";
    case Finding::Status::broken:
      return "broken";
    case Finding::Status::unclear:
      return "unclear";
  }
  return "?";
}

void add_line(Json& json, int line) {
  if (line > 0) json["line"] = line;
}

Json finding_json(const Finding& finding) {
  Json json{{"status", to_string(finding.status)}, {"what", finding.what}};
  add_line(json, finding.line);
  if (finding.owner) json["owner"] = to_string(*finding.owner);
  if (!finding.wanted.empty()) json["wanted"] = finding.wanted;
  if (!finding.got.empty()) json["got"] = finding.got;
  if (!finding.tolerance.empty()) json["tolerance"] = finding.tolerance;
  if (!finding.evidence.empty()) json["evidence"] = finding.evidence;
  return json;
}

Json result_json(const CaseResult& result) {
  Json json{{"case", result.case_id},
            {"variant", result.variant()},
            {"family", to_string(result.family)},
            {"sut", result.sut},
            {"stack", result.stack},
            {"outcome", to_string(result.outcome)},
            {"reason", result.reason},
            {"title", result.title},
            {"level", to_string(result.level)},
            {"spec", result.spec},
            {"file", result.file}};
  add_line(json, result.line);
  json["took_ns"] = result.took.count();
  json["rerun"] = result.rerun;
  if (!result.trace_file.empty()) json["trace"] = result.trace_file;
  json["findings"] = Json::array();
  for (const Finding& finding : result.findings) json["findings"].push_back(finding_json(finding));
  json["story"] = result.story;
  return json;
}

}  // namespace

std::string json_report(const RunInfo& info, const std::vector<CaseResult>& results) {
  Json json{{"faultline_results", 1},
            {"version", info.version},
            {"kernel", info.kernel},
            {"hz", info.hz},
            {"seed", info.seed},
            {"timing_scale", info.timing_scale},
            {"virtual_time", info.virtual_time},
            {"interrupted", info.interrupted}};
  // What the machine and its clock say would differ each time, where nothing else does.
  if (!info.virtual_time) {
    json["hostname"] = info.hostname;
    json["started"] = info.started;
    json["wall_ns"] = info.wall.count();
  }
  Json& summary = json["summary"] = Json::object();
  for (auto i = 0; i <= static_cast<int>(Outcome::ERROR); ++i)  // all of them, also those at 0
    summary[std::string(to_string(static_cast<Outcome>(i)))] = 0;
  Json& list = json["results"] = Json::array();
  for (const CaseResult& result : results) {
    Json& count = summary[std::string(to_string(result.outcome))];
    count = count.get<size_t>() + 1;
    list.push_back(result_json(result));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faultline
