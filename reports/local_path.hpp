// Paths as who reads a report in the same folder would write them.
#pragma once

#include <string>
#include <string_view>

namespace faultline {

// "cases/close/x.toml", of a path below this folder; else the path as it is. An empty folder has
// nothing below it.
[[nodiscard]] std::string local_path(std::string_view path, std::string_view folder);

}  // namespace faultline
