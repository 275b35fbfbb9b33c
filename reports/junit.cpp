#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <span>
#include <sstream>

#include "reports/local_path.hpp"
#include "reports/missing_parts.hpp"
#include "reports/safe_text.hpp"
#include "reports/text.hpp"

namespace faultline {
namespace {

using Pointers = std::vector<const CaseResult*>;

// What a result is to JUnit; a pass is a testcase without a child.
enum class Verdict : uint8_t { pass, failure, error, skipped };

Verdict verdict_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::PASS:
      return Verdict::pass;
    case Outcome::FAIL:
    case Outcome::XPASS:
      return Verdict::failure;
    case Outcome::ERROR:
    case Outcome::INCONCLUSIVE:
      return Verdict::error;
    case Outcome::XFAIL:
    case Outcome::SKIP:
    case Outcome::UNSUPPORTED:
      return Verdict::skipped;
  }
  return Verdict::error;
}

void set(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name) = safe_text(value).c_str();
}

void set_seconds(pugi::xml_node node, Nanos time) {
  set(node, "time", fmt::format("{:.6f}", std::chrono::duration<double>(time).count()));
}

// `more`: errors that are no result's.
void set_counts(pugi::xml_node node, const Pointers& results, size_t more = 0) {
  const auto count = [&](Verdict verdict) {
    return static_cast<size_t>(std::ranges::count_if(
        results, [&](const CaseResult* r) { return verdict_of(r->outcome) == verdict; }));
  };
  set(node, "tests", std::to_string(results.size() + more));
  set(node, "failures", std::to_string(count(Verdict::failure)));
  set(node, "errors", std::to_string(count(Verdict::error) + more));
  set(node, "skipped", std::to_string(count(Verdict::skipped)));
}

struct Id {
  std::string folder, leaf;
};
Id split(const std::string& case_id) {
  const size_t slash = case_id.rfind('/');
  if (slash == std::string::npos) return {"cases", case_id};
  return {case_id.substr(0, slash), case_id.substr(slash + 1)};
}

std::string dotted(std::string folder) {
  std::ranges::replace(folder, '/', '.');
  return folder;
}

// Readers drop a second testcase of the same name: a repeat, or the same case with the stack under
// test at the other end.
std::string unique_name(const CaseResult& result, std::set<std::string>& taken) {
  const std::string name = split(result.variant()).leaf;
  const std::string at_end = fmt::format("{} as {}", name, result.sut);
  for (const std::string& candidate : {name, at_end})
    if (taken.insert(candidate).second) return candidate;
  for (int n = 2;; ++n)
    if (const auto added = taken.insert(fmt::format("{} #{}", at_end, n)); added.second)
      return *added.first;
}

// "xfail: known to …": of what was skipped the kind cannot be told otherwise.
std::string message_of(const CaseResult& result, Verdict verdict) {
  std::string word(to_string(result.outcome));
  if (result.reason.empty()) return word;
  if (verdict != Verdict::skipped) return result.reason;
  for (char& c : word) c = static_cast<char>(std::tolower(c));
  return fmt::format("{}: {}", word, result.reason);
}

void add_verdict(pugi::xml_node testcase, const RunInfo& info, const CaseResult& result) {
  const Verdict verdict = verdict_of(result.outcome);
  if (verdict == Verdict::pass) return;
  const char* const name = verdict == Verdict::failure ? "failure"
                           : verdict == Verdict::error ? "error"
                                                       : "skipped";
  pugi::xml_node child = testcase.append_child(name);
  set(child, "message", message_of(result, verdict));
  if (verdict == Verdict::skipped) return;
  set(child, "type", to_string(result.outcome));
  child.text() = text_story(result).c_str();
  // GitLab and Jenkins make a link of it.
  const std::string trace = safe_text(local_path(result.trace_file, info.folder));
  if (!trace.empty())
    testcase.append_child("system-out").text() = fmt::format("[[ATTACHMENT|{}]]", trace).c_str();
}

void add_case(pugi::xml_node suite, const RunInfo& info, const CaseResult& result,
              std::set<std::string>& taken) {
  pugi::xml_node testcase = suite.append_child("testcase");
  set(testcase, "name", unique_name(result, taken));
  set(testcase, "classname", dotted(split(result.case_id).folder));
  set(testcase, "file", local_path(result.file, info.folder));
  if (result.line > 0) set(testcase, "line", std::to_string(result.line));
  set_seconds(testcase, result.took);
  add_verdict(testcase, info, result);
}

std::vector<KernelInfo> kernels_of(const RunInfo& info) {
  if (!info.kernels.empty()) return info.kernels;
  return {{info.kernel_name, info.kernel, info.hz, info.virtual_time}};
}

void add_properties(pugi::xml_node suite, const RunInfo& info) {
  pugi::xml_node properties = suite.append_child("properties");
  const auto property = [&](const char* name, const std::string& value) {
    pugi::xml_node node = properties.append_child("property");
    set(node, "name", name);
    set(node, "value", value);
  };
  property("faultline", info.version);
  for (const KernelInfo& kernel : kernels_of(info)) {
    property("kernel", kernel.release);
    property("kernel_name", kernel.name);
    property("hz", std::to_string(kernel.hz));
  }
  for (const std::string& column : info.columns) property("stack", column);
  property("seed", std::to_string(info.seed));
  property("timing_scale", fmt::format("{:g}", info.timing_scale));
  for (const std::string& part : missing_parts(info)) property("incomplete", part);
}

pugi::xml_node add_suite(pugi::xml_node root, const RunInfo& info, const std::string& name,
                         const Pointers& results, size_t more = 0) {
  pugi::xml_node suite = root.append_child("testsuite");
  set(suite, "name", name);
  set_counts(suite, results, more);
  Nanos took{};
  for (const CaseResult* result : results) took += result->took;
  set_seconds(suite, took);
  if (!info.started.empty()) set(suite, "timestamp", info.started);
  if (!info.hostname.empty()) set(suite, "hostname", info.hostname);
  add_properties(suite, info);
  std::set<std::string> taken;
  for (const CaseResult* result : results) add_case(suite, info, *result, taken);
  return suite;
}

// Readers look at testcases alone: one of them says that the run is not whole. It is an error, not
// a failure, because no stack did anything wrong.
void add_missing(pugi::xml_node root, const RunInfo& info) {
  pugi::xml_node testcase = add_suite(root, info, "faultline", {}, 1).append_child("testcase");
  set(testcase, "name", whole_run_test);
  set(testcase, "classname", "faultline");
  set_seconds(testcase, 0ns);
  pugi::xml_node error = testcase.append_child("error");
  set(error, "message", why_not_whole(info));
  set(error, "type", "INCOMPLETE");
  error.text() = "What the run did not come to, or what is not there, may have failed.\n";
}

}  // namespace

std::string junit_report(const RunInfo& info, const std::vector<CaseResult>& results) {
  Pointers all;
  std::map<std::string, Pointers> folders;
  for (const CaseResult& result : results) {
    all.push_back(&result);
    folders[split(result.case_id).folder].push_back(&result);
  }
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node root = document.append_child("testsuites");
  set(root, "name", "faultline");
  const bool whole = missing_parts(info).empty();
  set_counts(root, all, whole ? 0 : 1);
  set_seconds(root, info.wall);
  for (const auto& [folder, members] : folders) add_suite(root, info, folder, members);
  if (!whole) add_missing(root, info);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default | pugi::format_skip_control_chars,
                pugi::encoding_utf8);
  return out.str();
}

}  // namespace faultline
