// Case files on disk.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "harness/case/document.hpp"
#include "harness/case/reader.hpp"
#include "harness/case/reading.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

CaseError about_file(const fs::path& path, std::string what) {
  return {.file = path.string(), .what = std::move(what)};
}

std::string without_extension(fs::path path) {
  return path.replace_extension().generic_string();
}

}  // namespace

std::expected<std::string, CaseError> read_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return std::unexpected(about_file(path, "no such file"));
  if (!fs::is_regular_file(status)) return std::unexpected(about_file(path, "not a regular file"));
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return std::unexpected(
        about_file(path, std::string("cannot be read: ") + std::strerror(errno)));
  // In small pieces, since the text is kept; and beyond what is allowed, so that the parser sees
  // that it is too much.
  std::string text;
  for (std::array<char, 16384> piece; text.size() <= Document::max_size;) {
    file.read(piece.data(), piece.size());
    if (file.gcount() == 0) break;
    text.append(piece.data(), static_cast<size_t>(file.gcount()));
  }
  return text;
}

namespace {

fs::path path_below(const fs::path& path, const fs::path& folder) {
  const auto plain = [](const fs::path& any) { return fs::absolute(any).lexically_normal(); };
  // "." at its end stands for the slash that `folder` may have there.
  return plain(path).lexically_relative(plain(folder / ".").parent_path());
}

bool hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

}  // namespace

std::expected<Case, CaseError> load_case(const fs::path& path, std::string id,
                                         std::span<const FaultKind> faults, const Claims* claims) {
  auto text = read_file(path);
  if (!text) return std::unexpected(text.error());
  return read_case(std::move(*text), path.string(), std::move(id), faults, claims);
}

std::expected<std::vector<CaseFile>, CaseError> find_cases(const fs::path& folder) {
  std::vector<CaseFile> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    std::error_code ignored;
    if (hidden(path)) {
      entry.disable_recursion_pending();
    } else if (path.extension() == ".toml" && !entry->is_directory(ignored) &&
               path != folder / claims_file) {
      files.push_back({path, without_extension(path.lexically_relative(folder))});
    }
  }
  if (error) return std::unexpected(about_file(folder, "cannot be read: " + error.message()));
  std::ranges::sort(files, {}, &CaseFile::id);
  return files;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  const fs::path below = path_below(path, folder);
  return !below.empty() && *below.begin() != "..";
}

std::string case_id(const fs::path& path, const fs::path& folder) {
  return without_extension(is_below(path, folder) ? path_below(path, folder) : path);
}

Suite load_suite(const fs::path& folder, std::span<const FaultKind> faults) {
  Suite suite;
  auto files = find_cases(folder);
  auto claims = read_claims(folder);
  if (!claims) suite.errors.push_back(std::move(claims.error()));
  if (!files) suite.errors.push_back(std::move(files.error()));
  if (!files || !claims) return suite;
  if (*claims) suite.claims = std::move(**claims);
  const Claims* known = *claims ? &suite.claims : nullptr;
  for (CaseFile& file : *files) {
    auto one = load_case(file.path, std::move(file.id), faults, known);
    if (one)
      suite.cases.push_back(std::move(*one));
    else
      suite.errors.push_back(std::move(one.error()));
  }
  return suite;
}

}  // namespace faultline
