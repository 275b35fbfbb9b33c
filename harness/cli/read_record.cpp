#include "harness/cli/read_record.hpp"

#include <filesystem>

#include "harness/trace/file.hpp"

namespace faultline {

Result<RunRecord> read_record(const std::string& path) {
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  const std::filesystem::path file =
      folder ? std::filesystem::path(path) / results_file : std::filesystem::path(path);
  const auto text = read_file(file, json_report_size_limit);
  if (!text) return std::unexpected(text.error());
  auto record = read_json_report(*text);
  if (!record) return fail("{}: {}", file.string(), record.error().what);
  return record;
}

}  // namespace faultline
