// The folder in which kernels, once built or fetched, are kept. What is in it under its final name
// is whole: it was made in a work folder and put there by a rename.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "harness/util/error.hpp"
#include "harness/util/fd.hpp"

namespace faultline {

// $FAULTLINE_CACHE, else $XDG_CACHE_HOME/faultline, else ~/.cache/faultline. Absolute; it need not
// exist. Error: none of the three says where.
[[nodiscard]] Result<std::filesystem::path> cache_folder();

// Makes the folder where it is not there. Error: it cannot be made or written; says what to do.
[[nodiscard]] Result<void> make_writable(const std::filesystem::path& folder);

// Error: the filesystem of this folder, which exists, has fewer free bytes than `needed`, or runs
// no programs (noexec).
[[nodiscard]] Result<void> require_room(const std::filesystem::path& folder, uint64_t needed);

// Held by one process at a time, and until it ends, whatever its end. The file stays.
class CacheLock {
 public:
  // Waits where another process holds it, having called `on_wait` once.
  [[nodiscard]] static Result<CacheLock> take(const std::filesystem::path& file,
                                              const std::function<void()>& on_wait);

 private:
  explicit CacheLock(Fd fd) : fd_(std::move(fd)) {}
  Fd fd_;
};

// A folder to make something in, gone with all its content when this object is.
class WorkFolder {
 public:
  // A new one below `parent`, which exists. What other WorkFolders of dead processes left there
  // goes first: REQUIRES that no two processes do this at a time.
  [[nodiscard]] static Result<WorkFolder> make(const std::filesystem::path& parent);
  WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit WorkFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// Gives what was made its final name, on the same filesystem. It is on the disk before it has it.
[[nodiscard]] Result<void> place(const std::filesystem::path& made,
                                 const std::filesystem::path& final_name);

}  // namespace faultline
