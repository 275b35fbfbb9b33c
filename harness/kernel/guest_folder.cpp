#include "harness/kernel/guest_folder.hpp"

#include <fmt/ranges.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace faultline {
namespace {

// "" where it will do.
std::string objection(const std::string& folder) {
  struct statvfs about {};
  if (folder.find_first_of(" \t\n") != std::string::npos) return folder + " has a space in it";
  if (statvfs(folder.c_str(), &about) != 0 || access(folder.c_str(), W_OK | X_OK) != 0)
    return folder + " cannot be written";
  if ((about.f_flag & ST_NOEXEC) != 0) return folder + " is mounted noexec";
  return {};
}

}  // namespace

Result<GuestFolder> GuestFolder::make() {
  std::vector<std::string> folders{"/tmp"}, objections;
  if (const char* given = std::getenv("TMPDIR"); given && *given == '/')
    folders.insert(folders.begin(), given);
  for (const std::string& folder : folders) {
    if (auto why = objection(folder); !why.empty()) {
      objections.push_back(std::move(why));
      continue;
    }
    std::string path = folder + "/faultline-XXXXXX";
    if (mkdtemp(path.data())) return GuestFolder(path);
    return fail_errno("making a folder in {}", folder);
  }
  return fail("no folder for a guest's files: {}; set TMPDIR to one that runs programs",
              fmt::join(objections, ", "));
}

GuestFolder::~GuestFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace faultline
