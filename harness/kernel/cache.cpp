#include "harness/kernel/cache.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <string>

#include "harness/util/environment.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view work_prefix = "work-";

// Processes of an interrupted build may still be writing into it.
void remove_tree(const fs::path& folder) noexcept {
  std::error_code error;
  for (int attempt = 0; attempt < 20; ++attempt) {
    fs::remove_all(folder, error);
    if (!error) return;
  }
}

}  // namespace

Result<fs::path> cache_folder() {
  if (const fs::path own = environment_variable("FAULTLINE_CACHE"); !own.empty())
    return fs::absolute(own).lexically_normal();
  // The specification of XDG_CACHE_HOME tells to ignore a relative one.
  if (const fs::path xdg = environment_variable("XDG_CACHE_HOME"); xdg.is_absolute())
    return xdg / "faultline";
  if (const fs::path home = environment_variable("HOME"); home.is_absolute())
    return home / ".cache/faultline";
  return fail("no folder to keep kernels and stacks in: set FAULTLINE_CACHE or HOME");
}

Result<void> make_writable(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && access(folder.c_str(), W_OK | X_OK) != 0) error = {errno, std::generic_category()};
  if (!error) return {};
  return fail(
      "the folder {} cannot be written: {}; FAULTLINE_CACHE names another to keep kernels and stacks in",
      folder.string(), error.message());
}

Result<void> require_room(const fs::path& folder, uint64_t needed) {
  struct statvfs state {};
  if (statvfs(folder.c_str(), &state) != 0)
    return fail_errno("looking for space at {}", folder.string());
  if ((state.f_flag & ST_NOEXEC) != 0)
    return fail(
        "{} is mounted noexec, and kernels are programs; FAULTLINE_CACHE names another folder",
        folder.string());
  const uint64_t free = uint64_t{state.f_bavail} * state.f_frsize;
  if (free >= needed) return {};
  return fail("no space: {} has {} MB free, {} MB are needed; FAULTLINE_CACHE names another folder",
              folder.string(), free >> 20, needed >> 20);
}

Result<CacheLock> CacheLock::take(const fs::path& file, const std::function<void()>& on_wait) {
  Fd fd(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (!fd) return fail_errno("opening {}", file.string());
  if (flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return CacheLock(std::move(fd));
  if (errno == EWOULDBLOCK) on_wait();
  while (flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return fail_errno("locking {}", file.string());
  return CacheLock(std::move(fd));
}

Result<WorkFolder> WorkFolder::make(const fs::path& parent) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error))
    if (entry.path().filename().string().starts_with(work_prefix)) remove_tree(entry.path());
  // Never one's name again: what an old build's processes still do, they do elsewhere.
  std::string name = (parent / (std::string(work_prefix) + "XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) return fail_errno("making {}", name);
  return WorkFolder(name);
}

WorkFolder::~WorkFolder() {
  if (!path_.empty()) remove_tree(path_);
}

Result<void> place(const fs::path& made, const fs::path& final_name) {
  const Fd fd(open(made.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return fail_errno("writing {}", made.string());
  if (std::rename(made.c_str(), final_name.c_str()) != 0)
    return fail_errno("putting {} in place", final_name.string());
  return {};
}

}  // namespace faultline
