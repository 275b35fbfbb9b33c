// A run as a capture that Wireshark reads: what each end sent and what was delivered, with a
// comment on whatever the wire did.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/result.hpp"
#include "harness/trace/describe.hpp"
#include "harness/trace/trace.hpp"
#include "reports/folder_format.hpp"

namespace faultline {

// Three interfaces: "from-ref" and "from-sut" have what the reference and the stack under test
// sent, "delivered" what reached an end; where both ends are under test the first two are
// "from-client" and "from-server". Of each packet the trace has the headers; its length is the
// whole. Times count from the beginning of the run, which is 1970 to a reader. Packets that are one
// and the same at several interfaces have the same packet id.
[[nodiscard]] std::string pcapng(const Trace& trace, const EventNames& names,
                                 std::string_view program = "faultline");

// As a report: a file for each result that has a trace, and index.txt, which says of each result
// where its capture is, or why there is none.
[[nodiscard]] Result<void> pcapng_report(const RunInfo& info,
                                         const std::vector<CaseResult>& results,
                                         const TraceSource& trace_of, const FileSink& sink);

}  // namespace faultline
