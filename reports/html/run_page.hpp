// The pages about the whole run: index.html, and one for each outcome and topic, which are its
// filters.
#pragma once

#include "reports/folder_format.hpp"
#include "reports/html/site.hpp"

namespace faultline {

// index.html comes last: where it is, so is all that it links to. REQUIRES: the results' pages are
// written.
[[nodiscard]] Result<void> write_run_pages(const Site& site, const FileSink& sink);

}  // namespace faultline
