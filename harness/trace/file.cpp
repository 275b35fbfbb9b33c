#include "harness/trace/file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <random>

#include "harness/util/fd.hpp"

namespace faultline {
namespace {

constexpr size_t chunk = size_t{1} << 20;

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

// A file that is removed unless it was renamed.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& beside)
      : path_(fmt::format("{}.{:08x}.partial", beside.string(), std::random_device{}())),
        fd_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)),
        exists_(static_cast<bool>(fd_)) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (exists_) ::unlink(path_.c_str());
  }

  [[nodiscard]] bool is_open() const { return exists_; }

  // These set errno where they fail.
  [[nodiscard]] bool write(std::string_view content) {
    return write_all(fd_.get(), content) &&
           ::close(fd_.release()) == 0;  // a network file system tells of a full disk here
  }
  [[nodiscard]] bool rename_to(const std::filesystem::path& path) {
    if (::rename(path_.c_str(), path.c_str()) != 0) return false;
    exists_ = false;
    return true;
  }

 private:
  std::string path_;
  Fd fd_;
  bool exists_;
};

// What is there stays and is written as it is. A pipe whose reader has not come is not waited for:
// it may never come; one that has come is waited for as long as it reads.
Result<void> write_through(const std::filesystem::path& path, const std::filesystem::path& target,
                           std::string_view content, int making) {
  const Fd fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | making, 0666));
  std::error_code ignored;
  if (!fd && errno == ENXIO && std::filesystem::is_fifo(target, ignored))
    return fail("writing {}: nobody reads from that pipe", path.string());
  if (!fd || ::fcntl(fd.get(), F_SETFL, 0) != 0 || !write_all(fd.get(), content))
    return fail_errno("writing {}", path.string());
  return {};
}

}  // namespace

int descriptor_of(std::string_view path) {
  constexpr std::string_view folder = "/dev/fd/";
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  if (!path.starts_with(folder)) return -1;
  path.remove_prefix(folder.size());
  int number = -1;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  return error == std::errc{} && end == path.data() + path.size() ? number : -1;
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  namespace fs = std::filesystem;
  // What is open already goes on where it is: were it a file, its place would be taken.
  if (const int open_as = descriptor_of(path.native()); open_as >= 0) {
    const Fd fd(fcntl(open_as, F_DUPFD_CLOEXEC, 0));
    if (!fd || !write_all(fd.get(), content)) return fail_errno("writing {}", path.string());
    return {};
  }
  std::error_code error;
  // Through a symbolic link its target is written, and the link stays.
  const fs::path there = fs::canonical(path, error);
  const fs::path target = error ? path : there;
  // A device or a pipe has nothing to lose, nor has a link's target that is not there yet.
  std::error_code ignored;
  const bool leads_nowhere = error && fs::is_symlink(fs::symlink_status(path, ignored));
  if (leads_nowhere || (!error && !fs::is_regular_file(target)))
    return write_through(path, target, content, leads_nowhere ? O_CREAT : 0);
  TemporaryFile file(target);
  if (!file.is_open() || !file.write(content) || !file.rename_to(target))
    return fail_errno("writing {}", path.string());
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path, size_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("opening {}", path.string());
  std::string content;
  size_t used = 0;
  while (true) {
    content.resize(std::max(content.size(), std::min(limit + 1, used + chunk)));
    const ssize_t n = ::read(fd.get(), content.data() + used, content.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("reading {}", path.string());
    used += static_cast<size_t>(n);
    if (n == 0) break;
    if (used > limit)
      return fail("{} is larger than {} MiB, the most that is read", path.string(), limit >> 20);
  }
  content.resize(used);
  return content;
}

}  // namespace faultline
