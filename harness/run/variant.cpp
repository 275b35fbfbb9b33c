#include "harness/run/variant.hpp"

#include <fmt/format.h>

namespace faultline {
namespace {

CaseResult finished(CaseResult result, const Variant& variant, const RunnerOptions& options) {
  result.repetition = variant.repetition;
  result.stack = variant.stack ? variant.stack->name : "linux";
  result.at_either_end = variant.at_either_end();
  result.rerun = options.rerun(variant);
  return result;
}

CaseResult without_trace(const Variant& variant, const RunnerOptions& options, Outcome outcome,
                         std::string reason) {
  const Case& the_case = *variant.the_case;
  return finished({.case_id = the_case.id,
                   .title = the_case.title,
                   .file = the_case.file,
                   .family = variant.family,
                   .sut = std::string(to_string(variant.sut())),
                   .level = the_case.level,
                   .spec = the_case.spec,
                   .outcome = outcome,
                   .reason = std::move(reason)},
                  variant, options);
}

}  // namespace

std::string Variant::name() const {
  return variant_name(the_case->id, family, stack ? stack->name : "",
                      at_either_end() ? to_string(at) : "", repetition);
}

About Variant::sut() const {
  if (!stack) return the_case->about;
  return at == End::client ? About::client : About::server;
}

Job job_of(const Variant& variant, const RunnerOptions& options) {
  const Case& the_case = *variant.the_case;
  return {.case_id = the_case.id,
          .case_file = the_case.file,
          .case_text = the_case.text,
          .family = variant.family,
          .sut = variant.sut(),
          .seed = options.seed,
          .timing_scale = options.timing_scale,
          .overrides = options.overrides,
          .driver = options.driver,
          .stack = variant.stack ? std::optional(*variant.stack) : std::nullopt,
          .trace_file = {}};
}

std::filesystem::path trace_path(const Variant& variant, const RunnerOptions& options) {
  std::filesystem::path name = variant.name() + ".json";
  if (name.is_absolute() || *name.begin() == "..")
    name = std::filesystem::absolute(name).lexically_normal().relative_path();
  auto file = std::filesystem::absolute(options.traces / name);
  std::error_code ignored;  // what cannot be created shows when nothing can be written there
  std::filesystem::create_directories(file.parent_path(), ignored);
  return file;
}

CaseResult skip_result(const Variant& variant, const RunnerOptions& options, std::string reason) {
  return without_trace(variant, options, Outcome::SKIP, std::move(reason));
}

CaseResult unsupported_result(const Variant& variant, const RunnerOptions& options,
                              std::string reason) {
  return without_trace(variant, options, Outcome::UNSUPPORTED, std::move(reason));
}

CaseResult error_result(const Variant& variant, const RunnerOptions& options, std::string reason) {
  return without_trace(variant, options, Outcome::ERROR, std::move(reason));
}

CaseResult judged_result(const Variant& variant, const RunnerOptions& options, const Trace& trace,
                         const std::filesystem::path& file) {
  const auto known = options.known.find(variant.stack ? variant.stack->name : "linux");
  CaseResult result = judge(*variant.the_case, trace,
                            known == options.known.end() ? std::vector<KnownDeviation>{}
                                                         : known->second);
  result.trace_file = file;
  if (variant.stack && variant.stack->remote && variant.stack->remote->driver_port == 0)
    result.story.insert(result.story.begin(),
                        fmt::format("the {}'s states are inferred from its segments",
                                    to_string(variant.at)));
  return finished(std::move(result), variant, options);
}

}  // namespace faultline
