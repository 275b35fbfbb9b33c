#include "reports/html/site.hpp"

#include <algorithm>
#include <set>

#include "reports/file_names.hpp"

namespace faultline {
namespace {

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A page for each topic, named as results are: "topic-close.html".
std::vector<std::string> page_names(const std::vector<std::string>& topics) {
  std::vector<CaseResult> as_results;
  for (std::string topic : topics) {
    std::ranges::replace(topic, '/', '-');
    as_results.push_back({.case_id = "topic-" + topic, .stack = "linux"});
  }
  std::vector<std::string> names = file_names(as_results);
  // All of them end with the same variant, which says nothing of a topic; "-2" may follow it.
  constexpr std::string_view variant = ".ipv4";
  for (std::string& name : names) name = name.erase(name.rfind(variant), variant.size()) + ".html";
  return names;
}

}  // namespace

std::string topic_of(std::string_view case_id) {
  const size_t slash = case_id.rfind('/');
  return std::string(slash == case_id.npos ? "no topic" : case_id.substr(0, slash));
}

std::string outcome_class(Outcome outcome) {
  std::string word(to_string(outcome));
  std::ranges::transform(word, word.begin(), small);
  return word;
}

Site::Site(const RunInfo& info, const std::vector<CaseResult>& results)
    : info_(info), results_(results), names_(file_names(results)) {
  std::set<std::string> topics;
  for (const CaseResult& result : results) topics.insert(topic_of(result.case_id));
  topics_.assign(topics.begin(), topics.end());
  const std::vector<std::string> pages = page_names(topics_);
  for (size_t i = 0; i < topics_.size(); ++i) topic_pages_[topics_[i]] = pages[i];
}

std::string Site::case_page(size_t result) const {
  return "cases/" + names_[result] + ".html";
}

std::string Site::trace_file(size_t result) const {
  return "traces/" + names_[result] + ".json";
}

std::string Site::topic_page(std::string_view topic) const {
  return topic_pages_.find(topic)->second;
}

std::string Site::outcome_page(Outcome outcome) {
  return "outcome-" + outcome_class(outcome) + ".html";
}

std::string Site::root_of(std::string_view page) {
  std::string root;
  for (const char c : page)
    if (c == '/') root += "../";
  return root;
}

}  // namespace faultline
