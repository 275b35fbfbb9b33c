#include "reports/tune_json.hpp"

#include <nlohmann/json.hpp>

#include "reports/tune_words.hpp"

namespace faultline {
namespace {

using Json = nlohmann::ordered_json;

std::string_view to_string(Holds holds) {
  switch (holds) {
    case Holds::always:
      return "always";
    case Holds::sometimes:
      return "sometimes";
    case Holds::no:
      return "no";
  }
  return "?";
}

void add(Json& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

void add(Json& json, const char* key, const std::optional<Bounds>& time) {
  if (time) json[key] = {time->low.count(), time->high.count()};
}

void add_place(Json& json, const Place& place) {
  json["file"] = place.file;
  if (place.line > 0) json["line"] = place.line;
}

Json kernel_json(const TuneKernel& kernel) {
  Json json{{"name", kernel.name}, {"version", to_string(kernel.version)}, {"hz", kernel.hz}};
  add(json, "rtt_ns", std::optional(kernel.rtt));
  add(json, "release", kernel.release);
  return json;
}

Json cell_json(const TuneCell& cell, const TuneKernel& kernel) {
  Json json{{"kernel", kernel.name}};
  add(json, "predicted_ns", cell.predicted);
  add(json, "by_default_ns", cell.by_default);
  add(json, "unpredictable", cell.unpredictable);
  json["verdict"] = to_string(cell.verdict);
  if (cell.measured) json["measured_ns"] = cell.measured->count();
  add(json, "within_ns", cell.within);
  add(json, "why", cell.why);
  add(json, "trace", cell.trace_file);
  return json;
}

Json row_json(const TuneRow& row, const TuneReport& report) {
  Json json{{"name", row.behaviour->name},
            {"model", row.behaviour->model},
            {"sentences", sentences(row, report.kernels)},
            {"governed_by", Json::array()},
            {"on", Json::array()}};
  for (const Governing& one : row.governed_by) {
    Json governing{{"sysctl", one.name}, {"value", one.value}};
    if (one.set_at) add_place(governing["set_at"], *one.set_at);
    json["governed_by"].push_back(std::move(governing));
  }
  for (size_t i = 0; i < row.cells.size(); ++i)
    json["on"].push_back(cell_json(row.cells[i], report.kernels[i]));
  return json;
}

Json requirement_json(const TuneRequirement& requirement, const TuneReport& report) {
  const Requirement& what = requirement.requirement;
  Json json{{"requirement", to_string(what)},
            {"behaviour", what.behaviour},
            {"limit_ns", what.limit.count()},
            {"holds", requirement.is_met()},
            {"on", Json::array()}};
  for (size_t i = 0; i < requirement.on.size(); ++i) {
    Json one{{"kernel", report.kernels[i].name}, {"holds", to_string(requirement.on[i].holds)}};
    add(one, "predicted_ns", requirement.on[i].time);
    json["on"].push_back(std::move(one));
  }
  return json;
}

Json remark_json(const Remark& remark) {
  Json json;
  add_place(json, remark.place);
  json["what"] = remark.what;
  return json;
}

Json setting_json(const Setting& setting) {
  Json json{{"key", setting.key}, {"value", setting.value}};
  add_place(json, setting.place);
  return json;
}

template <typename T, typename Write>
Json list(const std::vector<T>& all, Write write) {
  Json json = Json::array();
  for (const T& one : all) json.push_back(write(one));
  return json;
}

}  // namespace

std::string tune_json(const TuneReport& report) {
  const Json json{
      {"faultline_tune", 1},
      {"version", report.version},
      {"files", report.files},
      {"measured", report.measured},
      {"interrupted", report.interrupted},
      {"kernels", list(report.kernels, kernel_json)},
      {"changes", list(report.solution,
                       [](const Setting& change) {
                         return Json{{"key", change.key}, {"value", change.value}};
                       })},
      {"behaviours", list(report.rows, [&](const TuneRow& row) { return row_json(row, report); })},
      {"requirements",
       list(report.requirements,
            [&](const TuneRequirement& one) { return requirement_json(one, report); })},
      {"warnings", list(report.warnings, remark_json)},
      {"not_looked_at", list(report.not_looked_at, setting_json)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace faultline
