#include "reports/local_path.hpp"

namespace faultline {

std::string local_path(std::string_view path, std::string_view folder) {
  if (!folder.ends_with('/') && !folder.empty() && path.starts_with(folder) &&
      path.substr(folder.size()).starts_with('/'))
    path.remove_prefix(folder.size() + 1);
  return std::string(path);
}

}  // namespace faultline
