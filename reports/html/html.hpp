// The report as a folder of pages for a browser: index.html, a page for each outcome and topic, one
// for each result with its ladder, their traces, and style.css. index.html is the last to be written: a
// report that a full disk cut short has none.
#pragma once

#include "reports/folder_format.hpp"

namespace faultline {

[[nodiscard]] Result<void> write_html(const RunInfo& info, const std::vector<CaseResult>& results,
                                      const TraceSource& trace_of, const FileSink& sink);

}  // namespace faultline
