#include "reports/html/html.hpp"

#include "harness/trace/trace_json.hpp"
#include "reports/html/case_page.hpp"
#include "reports/html/run_page.hpp"

namespace faultline {

Result<void> write_html(const RunInfo& info, const std::vector<CaseResult>& results,
                        const TraceSource& trace_of, const FileSink& sink) {
  const Site site(info, results);
  for (size_t i = 0; i < results.size(); ++i) {
    const Result<Trace> trace = trace_of(results[i]);
    if (const auto done = sink(site.case_page(i), case_page(site, i, trace)); !done) return done;
    if (!trace) continue;
    if (const auto done = sink(site.trace_file(i), to_json(*trace)); !done) return done;
  }
  return write_run_pages(site, sink);
}

}  // namespace faultline
