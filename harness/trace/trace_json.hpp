// A trace as JSON, version 1: what is saved of every run and judged again by `faultline judge`.
// Times are whole nanoseconds since the run began, headers are hex. An absent optional field, an
// empty list and a flag at its usual value are left out. Keys always come in the same order, with
// one event a line, so that two runs can be compared with diff and cmp.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/trace/trace.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// A larger trace is refused unread. A segment takes some 400 bytes.
inline constexpr size_t trace_size_limit = size_t{256} << 20;

// Bytes that are no UTF-8 come out as U+FFFD.
[[nodiscard]] std::string to_json(const Trace& trace);

// Strict: a wrong type, an unknown or missing key, a number out of range, another version are
// errors that name the event and the JSON pointer. The order of the events is not checked; a time
// is at most ten years either way, so that differences of times cannot overflow.
[[nodiscard]] Result<Trace> trace_from_json(std::string_view text);

// Whole or not at all (see write_file). The folder must exist.
[[nodiscard]] Result<void> save_trace(const Trace& trace, const std::filesystem::path& path);
[[nodiscard]] Result<Trace> load_trace(const std::filesystem::path& path);

// Whether it is a file that begins as a trace does, with an extension of .json.
[[nodiscard]] bool is_trace(const std::filesystem::path& path);

}  // namespace faultline
