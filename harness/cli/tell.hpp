// What the program says to people. File names, quoted lines and a stack's own words may be in it.
#pragma once

#include <cstdio>
#include <expected>
#include <string>
#include <string_view>

#include "harness/case/case_error.hpp"

namespace faultline {

// In a job of GitHub Actions without lines that are commands to the runner; elsewhere as it is.
[[nodiscard]] std::string without_orders(std::string_view text);

// Such text. Where it cannot be written, std::ferror(stream) says so from then on.
void tell(std::FILE* stream, std::string_view text);

// "faultline: why" on standard error, in which nothing does anything to a terminal either. Returns
// `code`, so that a command can end with it.
int complain(int code, std::string_view why);
// An error of a file, with its place and its line.
int complain(int code, const CaseError& error);

// The same, for what returns something else when all is well.
[[nodiscard]] std::unexpected<int> refuse(int code, std::string_view why);
[[nodiscard]] std::unexpected<int> refuse(int code, const CaseError& error);

}  // namespace faultline
