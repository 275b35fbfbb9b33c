#include "harness/cli/run_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "harness/cli/read_record.hpp"
#include "harness/trace/trace_json.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

bool holds_traces(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    if (is_trace(entry->path()) || entry->path().filename() == results_file) return true;
  return false;
}

bool holds(const fs::path& folder, RunFolders::Results results) {
  if (results == RunFolders::Results::traces) return holds_traces(folder);
  std::error_code error;
  return fs::directory_iterator(folder, error) != fs::directory_iterator();
}

Result<Fd> locked(const fs::path& folder, std::string_view option) {
  Fd lock(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock) return fail_errno("opening the folder {}", folder.string());
  if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) return lock;  // a file system without locks
  return fail("another run is writing into the folder {}; name another with {}", folder.string(),
              option);
}

}  // namespace

bool RunFolders::may_be_overwritten(const fs::path& folder) const {
  const fs::path below = folder.lexically_normal().lexically_relative(scratch_);
  return force_ || (!below.empty() && *below.begin() != "..");
}

Result<void> RunFolders::claim(const fs::path& folder, Results results, std::string_view option) {
  if (!may_be_overwritten(folder) && holds(folder, results))
    return fail(
        "the folder {} holds the results of another run; name another with {}, or overwrite them "
        "with --force",
        folder.string(), option);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || access(folder.c_str(), W_OK | X_OK) != 0)
    return fail("the folder {} cannot be written; name another with {}", folder.string(), option);
  const fs::path there = fs::canonical(folder, error);
  if (std::ranges::find(locked_, there) != locked_.end()) return {};
  auto lock = locked(folder, option);
  if (!lock) return std::unexpected(lock.error());
  locks_.push_back(std::move(*lock));
  locked_.push_back(there);
  return {};
}

}  // namespace faultline
