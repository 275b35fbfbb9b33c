#include "harness/run/variant.hpp"

#include <fmt/format.h>

namespace faultline {
namespace {

CaseResult finished(CaseResult result, const Variant& variant, const RunnerOptions& options) {
  result.repetition = variant.repetition;
  result.stack = "linux";
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
                   .sut = std::string(to_string(the_case.about)),
                   .level = the_case.level,
                   .spec = the_case.spec,
                   .outcome = outcome,
                   .reason = std::move(reason)},
                  variant, options);
}

}  // namespace

std::string Variant::name() const {
  const std::string name = fmt::format("{}[{}]", the_case->id, to_string(family));
  return repetition == 1 ? name : fmt::format("{}#{}", name, repetition);
}

Job job_of(const Variant& variant, const RunnerOptions& options) {
  const Case& the_case = *variant.the_case;
  return {.case_id = the_case.id,
          .case_file = the_case.file,
          .case_text = the_case.text,
          .family = variant.family,
          .sut = the_case.about,
          .seed = options.seed,
          .timing_scale = options.timing_scale,
          .overrides = options.overrides,
          .driver = options.driver,
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

CaseResult error_result(const Variant& variant, const RunnerOptions& options, std::string reason) {
  return without_trace(variant, options, Outcome::ERROR, std::move(reason));
}

CaseResult judged_result(const Variant& variant, const RunnerOptions& options, const Trace& trace,
                         const std::filesystem::path& file) {
  CaseResult result = judge(*variant.the_case, trace, options.known);
  result.trace_file = file;
  return finished(std::move(result), variant, options);
}

}  // namespace faultline
