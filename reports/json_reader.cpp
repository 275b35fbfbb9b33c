#include "reports/json_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

#include "harness/judge/variant_name.hpp"
#include "harness/util/fields.hpp"
#include "reports/outcome_words.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

using Json = nlohmann::json;

constexpr int64_t longest_ns = int64_t{10} * 366 * 24 * 3600 * 1'000'000'000;
constexpr int64_t any_number = 1'000'000'000;

// The fields of one object, most of which must be there.
class Record : public Fields {
 public:
  using Fields::Fields;

  std::string needed(const std::string& key) { return text(key).value_or(missing(key)); }
  std::string optional(const std::string& key) { return text(key).value_or(""); }
  int number(const std::string& key) {
    return static_cast<int>(integer(key, 0, any_number).value_or(0));
  }
  Nanos time(const std::string& key) { return Nanos(integer(key, 0, longest_ns).value_or(0)); }
  bool flag(const std::string& key) { return boolean(key).value_or(false); }

  // One of an enumeration's words.
  template <typename T>
  T word(const std::string& key, std::optional<T> (*from_string)(std::string_view)) {
    const std::string name = needed(key);
    const auto found = from_string(name);
    if (!found && !failed()) refuse(key, fmt::format("'{}' is none of its words", name));
    return found.value_or(T{});
  }

  // Each of an array, read by `read(item, at)`.
  template <typename T>
  std::vector<T> all(const std::string& key, FieldResult<T> (*read)(const Json&, std::string at)) {
    std::vector<T> result;
    const Json* const list = array(key);
    if (!list) return result;
    for (const Json& item : *list) {
      auto one = take(read(item, fmt::format("{}/{}", pointer(key), result.size())));
      if (!one) break;
      result.push_back(std::move(*one));
    }
    return result;
  }

  template <typename T>
  FieldResult<T> finished(T value) {
    if (auto wrong = finish()) return std::unexpected(std::move(*wrong));
    return value;
  }

 private:
  std::string missing(const std::string& key) {
    if (!failed() && !has(key)) refuse("", fmt::format("'{}' is missing", key));
    return "";
  }
};

template <typename T, size_t n>
std::optional<T> find_word(const std::array<T, n>& all, std::string_view word) {
  for (const T one : all)
    if (to_string(one) == word) return one;
  return {};
}

std::optional<Level> level_from(std::string_view word) {
  return find_word(
      std::array{Level::must, Level::should, Level::may, Level::documented, Level::endurance},
      word);
}

std::optional<Family> family_from(std::string_view word) {
  return find_word(std::array{Family::ipv4, Family::ipv6}, word);
}

std::optional<Finding::Status> status_from(std::string_view word) {
  using enum Finding::Status;
  return find_word(std::array{met, broken, unclear}, word);
}

FieldResult<Finding> finding_from(const Json& json, std::string at) {
  Record record(json, std::move(at));
  Finding finding{.status = record.word("status", status_from),
                  .what = record.needed("what"),
                  .wanted = record.optional("wanted"),
                  .got = record.optional("got"),
                  .tolerance = record.optional("tolerance"),
                  .evidence = record.texts("evidence"),
                  .owner = {},
                  .line = record.number("line")};
  if (record.has("event")) finding.event = static_cast<size_t>(record.number("event"));
  if (record.has("owner")) finding.owner = record.word("owner", end_from_string);
  return record.finished(std::move(finding));
}

// Its name says what no field does: which repetition it is, and whether another has the other end.
void read_variant(Record& record, CaseResult& result) {
  const std::string name = record.needed("variant");
  if (const auto parts = parse_variant_name(name)) result.repetition = parts->repetition;
  result.at_either_end = result.variant() != name;
  if (!record.failed() && result.variant() != name)
    record.refuse("variant", fmt::format("'{}' is not the name of that result", name));
}

FieldResult<CaseResult> result_from(const Json& json, std::string at) {
  Record record(json, std::move(at));
  CaseResult result{.case_id = record.needed("case"),
                    .title = record.needed("title"),
                    .file = record.needed("file"),
                    .family = record.word("family", family_from),
                    .sut = record.needed("sut"),
                    .stack = record.needed("stack"),
                    .kernel = record.optional("kernel"),
                    .level = record.word("level", level_from),
                    .spec = record.texts("spec"),
                    .outcome = record.word("outcome", outcome_from_string),
                    .reason = record.optional("reason"),
                    .findings = record.all("findings", finding_from),
                    .story = record.texts("story"),
                    .took = record.time("took_ns"),
                    .rerun = record.optional("rerun"),
                    .trace_file = record.optional("trace"),
                    .line = record.number("line"),
                    .names = {.rules = record.texts("rules"), .steps = record.texts("steps")}};
  read_variant(record, result);
  return record.finished(std::move(result));
}

FieldResult<KernelInfo> kernel_from(const Json& json, std::string at) {
  Record record(json, std::move(at));
  return record.finished(KernelInfo{.name = record.needed("name"),
                                    .release = record.optional("kernel"),
                                    .hz = record.number("hz"),
                                    .virtual_time = record.flag("virtual_time")});
}

FieldResult<std::pair<size_t, size_t>> shard_from(const Json& json, std::string at) {
  Record record(json, std::move(at));
  const auto of = record.integer("of", 1, any_number).value_or(1);
  const auto index = record.integer("index", 1, of).value_or(1);
  return record.finished(std::pair<size_t, size_t>(index, of));
}

FieldResult<std::map<std::string, std::string>> sysctls_from(const Json& json, std::string at) {
  Record record(json, std::move(at));
  std::map<std::string, std::string> sysctls;
  if (json.is_object())
    for (const auto& [name, _] : json.items()) sysctls[name] = record.needed(name);
  return record.finished(std::move(sysctls));
}

FieldResult<Asked> asked_from(const Json& json, std::string at) {
  Record record(json, std::move(at));
  Asked asked{.suite = record.optional("suite"),
              .cases = record.texts("cases"),
              .exclude = record.texts("exclude"),
              .only = record.texts("only"),
              .left_out = record.texts("left_out"),
              .kernels = record.texts("kernels"),
              .stacks = record.texts("stacks"),
              .remote = record.optional("remote"),
              .remote_token = record.optional("remote_token"),
              .remote_interface = record.optional("remote_interface")};
  if (record.has("family"))
    (record.word("family", family_from) == Family::ipv4 ? asked.ipv4 : asked.ipv6) = true;
  if (const Json* const sysctls = record.table("sysctls"))
    asked.sysctls =
        record.take(sysctls_from(*sysctls, record.pointer("sysctls"))).value_or(asked.sysctls);
  if (const Json* const shard = record.table("shard"))
    if (const auto parts = record.take(shard_from(*shard, record.pointer("shard"))))
      std::tie(asked.shard, asked.shards) = *parts;
  return record.finished(std::move(asked));
}

FieldResult<size_t> shard_number_from(const Json& json, std::string at) {
  if (json.is_number_unsigned() && json <= any_number) return json.get<size_t>();
  return std::unexpected(FieldError{std::move(at), "expected the number of a shard"});
}

void read_numbers(Record& record, RunInfo& info) {
  const Json* const seed = record.value("seed");
  if (seed && seed->is_number_unsigned())
    info.seed = seed->get<uint64_t>();
  else
    record.refuse("seed", "expected a whole number below 2^64");
  const Json* const scale = record.value("timing_scale");
  if (scale && scale->is_number() && scale->get<double>() >= 1 && scale->get<double>() <= 1e6)
    info.timing_scale = scale->get<double>();
  else
    record.refuse("timing_scale", "expected a number of at least 1");
}

// What is made again from the results.
void skip_derived(Record& record) {
  for (const char* key : {"faultline_results", "summary", "columns", "baseline"})
    (void)record.value(key);
}

// Those that were asked for, in their order. None where there are results of others: then it does not
// say what was asked for.
std::vector<std::string> asked_columns(const RunInfo& info, const std::vector<CaseResult>& results) {
  std::vector<std::string> stacks, columns;
  for (const std::string& stack : info.asked.stacks) stacks.push_back(stack_name(stack));
  if (stacks.empty()) stacks.emplace_back("linux");
  for (const std::string& stack : stacks) {
    if (info.kernels.empty()) columns.push_back(stack);
    for (const KernelInfo& kernel : info.kernels) columns.push_back(stack + "@" + kernel.name);
  }
  for (const CaseResult& result : results)
    if (std::ranges::find(columns, result.column()) == columns.end()) return {};
  return columns;
}

FieldResult<RunRecord> run_from(const Json& json) {
  Record record(json, "");
  RunRecord run;
  RunInfo& info = run.info;
  info = {.version = record.needed("version"),
          .kernel = record.optional("kernel"),
          .hostname = record.optional("hostname"),
          .started = record.optional("started"),
          .hz = record.number("hz"),
          .wall = record.time("wall_ns"),
          .interrupted = record.flag("interrupted"),
          .kernel_name = record.optional("kernel_name"),
          .virtual_time = record.flag("virtual_time"),
          .kernels = record.all("kernels", kernel_from),
          .folder = record.optional("folder"),
          .machine_slow = record.flag("machine_slow"),
          .absent_shards = record.all("absent_shards", shard_number_from)};
  read_numbers(record, info);
  if (const Json* const asked = record.table("asked"))
    info.asked = record.take(asked_from(*asked, "/asked")).value_or(Asked{});
  info.slow_left_out = info.asked.left_out.size();
  run.results = record.all("results", result_from);
  info.columns = asked_columns(info, run.results);
  skip_derived(record);
  return record.finished(std::move(run));
}

}  // namespace

Result<RunRecord> read_json_report(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("faultline_results") || !json.contains("results"))
    return fail("not a JSON report of 'faultline run'");
  if (json["faultline_results"] != 1) return fail("a report of another version of the format");
  auto run = run_from(json);
  if (run) return std::move(*run);
  return fail("not as 'faultline run' writes it: {}: {}", safe_text(run.error().at),
              safe_text(run.error().what));
}

}  // namespace faultline
