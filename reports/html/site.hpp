// The pages of one report and where they are. Every address is relative to the page that names it,
// so that the folder can be moved, packed and served from anywhere.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"

namespace faultline {

// The part of an id before its last '/': "no topic" where there is none.
[[nodiscard]] std::string topic_of(std::string_view case_id);

// "fail": an outcome as a class of the stylesheet and as part of a page's name.
[[nodiscard]] std::string outcome_class(Outcome outcome);

class Site {
 public:
  // Both must outlive this.
  Site(const RunInfo& info, const std::vector<CaseResult>& results);

  [[nodiscard]] const RunInfo& info() const { return info_; }
  [[nodiscard]] const std::vector<CaseResult>& results() const { return results_; }
  [[nodiscard]] const std::vector<std::string>& topics() const { return topics_; }  // sorted

  // Below the report's folder; of a result by its index.
  [[nodiscard]] std::string case_page(size_t result) const;
  [[nodiscard]] std::string trace_file(size_t result) const;
  [[nodiscard]] std::string topic_page(std::string_view topic) const;
  [[nodiscard]] static std::string outcome_page(Outcome outcome);

  // From a page back to the report's folder: "../" for each folder that it is in, or "".
  [[nodiscard]] static std::string root_of(std::string_view page);

 private:
  const RunInfo& info_;
  const std::vector<CaseResult>& results_;
  std::vector<std::string> names_;   // of the results' files, without ending
  std::vector<std::string> topics_;  // sorted
  std::map<std::string, std::string, std::less<>> topic_pages_;
};

}  // namespace faultline
