#include "reports/json.hpp"

#include <nlohmann/json.hpp>

#include "reports/matrix.hpp"
#include "reports/outcome_words.hpp"

namespace faultline {
namespace {

using Json = nlohmann::ordered_json;

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
  if (finding.event) json["event"] = *finding.event;
  return json;
}

void add_asked(Json& json, const Asked& asked) {
  const auto add = [&](const char* key, const auto& value) {
    if (!value.empty()) json[key] = value;
  };
  add("suite", asked.suite);
  add("cases", asked.cases);
  add("exclude", asked.exclude);
  add("only", asked.only);
  if (asked.ipv4 != asked.ipv6) json["family"] = asked.ipv4 ? "ipv4" : "ipv6";
  add("left_out", asked.left_out);
  add("kernels", asked.kernels);
  add("stacks", asked.stacks);
  add("remote", asked.remote);
  add("remote_token", asked.remote_token);
  add("remote_interface", asked.remote_interface);
  add("sysctls", asked.sysctls);
  if (asked.shards != 1) json["shard"] = {{"index", asked.shard}, {"of", asked.shards}};
}

Json baseline_json(const BaselineComparison& baseline) {
  Json json{{"file", baseline.file}, {"same", baseline.same}, {"changes", Json::array()}};
  for (const BaselineChange& change : baseline.changes) {
    Json& one = json["changes"].emplace_back(
        Json{{"kind", to_string(change.kind)}, {"variant", change.variant}});
    if (change.was) one["was"] = to_string(*change.was);
    if (change.is) one["is"] = to_string(*change.is);
  }
  return json;
}

Json result_json(const CaseResult& result) {
  Json json{{"case", result.case_id},
            {"variant", result.variant()},
            {"family", to_string(result.family)},
            {"sut", result.sut},
            {"stack", result.stack}};
  if (!result.kernel.empty()) json["kernel"] = result.kernel;
  json["outcome"] = to_string(result.outcome);
  json["reason"] = result.reason;
  json["title"] = result.title;
  json["level"] = to_string(result.level);
  json["spec"] = result.spec;
  json["file"] = result.file;
  add_line(json, result.line);
  json["took_ns"] = result.took.count();
  json["rerun"] = result.rerun;
  if (!result.trace_file.empty()) json["trace"] = result.trace_file;
  json["findings"] = Json::array();
  for (const Finding& finding : result.findings) json["findings"].push_back(finding_json(finding));
  json["story"] = result.story;
  if (!result.names.rules.empty()) json["rules"] = result.names.rules;
  if (!result.names.steps.empty()) json["steps"] = result.names.steps;
  return json;
}

void add_kernels(Json& json, const RunInfo& info) {
  if (info.kernels.empty()) {
    json["kernel"] = info.kernel;
    if (!info.kernel_name.empty()) json["kernel_name"] = info.kernel_name;
    json["hz"] = info.hz;
    return;
  }
  for (const KernelInfo& kernel : info.kernels)
    json["kernels"].push_back({{"name", kernel.name},
                               {"kernel", kernel.release},
                               {"hz", kernel.hz},
                               {"virtual_time", kernel.virtual_time}});
}

// How many there are of every outcome, also of those at 0, in one column or, "", in all.
Json counts_of(const std::vector<CaseResult>& results, const std::string& column) {
  Json counts = Json::object();
  for (auto i = 0; i <= static_cast<int>(Outcome::ERROR); ++i)
    counts[std::string(to_string(static_cast<Outcome>(i)))] = 0;
  for (const CaseResult& result : results) {
    if (!column.empty() && result.column() != column) continue;
    Json& count = counts[std::string(to_string(result.outcome))];
    count = count.get<size_t>() + 1;
  }
  return counts;
}

}  // namespace

std::string json_report(const RunInfo& info, const std::vector<CaseResult>& results) {
  Json json{{"faultline_results", 1}, {"version", info.version}};
  add_kernels(json, info);
  json["seed"] = info.seed;
  json["timing_scale"] = info.timing_scale;
  if (info.machine_slow) json["machine_slow"] = true;
  json["virtual_time"] = info.virtual_time;
  json["interrupted"] = info.interrupted;
  if (!info.absent_shards.empty()) json["absent_shards"] = info.absent_shards;
  if (!info.folder.empty()) json["folder"] = info.folder;
  add_asked(json["asked"] = Json::object(), info.asked);
  // What the machine and its clock say would differ each time, where nothing else does.
  if (!info.virtual_time) {
    json["hostname"] = info.hostname;
    json["started"] = info.started;
    json["wall_ns"] = info.wall.count();
  }
  json["summary"] = counts_of(results, "");
  if (const auto columns = matrix_columns(info, results); columns.size() > 1)
    for (const std::string& column : columns) json["columns"][column] = counts_of(results, column);
  if (info.baseline) json["baseline"] = baseline_json(*info.baseline);
  Json& list = json["results"] = Json::array();
  for (const CaseResult& result : results) list.push_back(result_json(result));
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faultline
