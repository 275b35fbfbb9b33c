#include "harness/kernel/guest_folder.hpp"

#include <fmt/ranges.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "harness/util/environment.hpp"

namespace faultline {
namespace {

// "" where it will do.
std::string objection(const std::string& folder) {
  if (folder.find_first_of(" \t\n") != std::string::npos) return folder + " has a space in it";
  if (access(folder.c_str(), W_OK | X_OK) != 0) return folder + " cannot be written";
  return {};
}

bool runs_programs(const std::string& folder) {
  struct statvfs about {};
  return statvfs(folder.c_str(), &about) == 0 && (about.f_flag & ST_NOEXEC) == 0;
}

}  // namespace

Result<GuestFolder> GuestFolder::make() {
  std::vector<std::string> usable, objections;
  for (const std::string& folder : {environment_variable("TMPDIR"), std::string("/tmp")}) {
    if (!folder.starts_with('/')) continue;
    std::string why = objection(folder);
    if (why.empty())
      usable.push_back(folder);
    else
      objections.push_back(std::move(why));
  }
  if (usable.empty())
    return fail("no folder for a guest's files: {}; set TMPDIR to one that can be written",
                fmt::join(objections, ", "));
  const auto best = std::ranges::find_if(usable, runs_programs);
  std::string path = (best == usable.end() ? usable.front() : *best) + "/faultline-XXXXXX";
  if (!mkdtemp(path.data())) return fail_errno("making the folder {}", path);
  return GuestFolder(path);
}

std::string GuestFolder::explained(std::string why) const {
  // A trace may need so much; what has no blocks has no limit.
  constexpr unsigned long least = 1 << 20;
  struct statvfs about {};
  const bool full = statvfs(path_.c_str(), &about) == 0 && about.f_blocks != 0 &&
                    about.f_bavail * about.f_bsize < least;
  if (!full) return why;
  return fmt::format("{}; {} has no room left: TMPDIR names another folder", why,
                     path_.parent_path().string());
}

GuestFolder::~GuestFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace faultline
