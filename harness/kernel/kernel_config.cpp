#include "harness/kernel/kernel_config.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "harness/kernel/unpack.hpp"
#include "harness/util/fd.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// One thing that a kernel must have: all options of one of the choices.
using Options = std::vector<std::string_view>;
using Need = std::vector<Options>;

const std::vector<Need>& needs() {
  static const std::vector<Need> all = {
      {{"CONFIG_UML_TIME_TRAVEL_SUPPORT"}},
      // A guest's files and programs.
      {{"CONFIG_HOSTFS"}},
      {{"CONFIG_BINFMT_ELF"}},
      {{"CONFIG_PROC_FS"}},
      {{"CONFIG_PROC_SYSCTL"}},
      {{"CONFIG_SYSFS"}},
      {{"CONFIG_TMPFS"}},
      {{"CONFIG_EPOLL"}},
      {{"CONFIG_EVENTFD"}},
      {{"CONFIG_UNIX"}},
      // Worlds, the wire, the observer.
      {{"CONFIG_NET_NS"}},
      {{"CONFIG_INET"}},
      {{"CONFIG_IPV6"}},
      {{"CONFIG_PACKET"}},
      {{"CONFIG_VETH"}},
      {{"CONFIG_NF_TABLES"}},
      {{"CONFIG_NF_TABLES_IPV4"}},
      {{"CONFIG_NF_TABLES_IPV6"}},
      {{"CONFIG_NFT_QUEUE"}, {"CONFIG_NFT_COMPAT", "CONFIG_NETFILTER_XT_TARGET_NFQUEUE"}},
      {{"CONFIG_NETFILTER_NETLINK_QUEUE"}},
      {{"CONFIG_INET_DIAG"}},
  };
  return all;
}

using Config = std::map<std::string, std::string, std::less<>>;

// Lines "CONFIG_VETH=y"; an option that is off is a comment.
Config parse(std::string_view text) {
  Config config;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);)
    if (const size_t equals = line.find('='); line.starts_with("CONFIG_") && equals != line.npos)
      config[line.substr(0, equals)] = line.substr(equals + 1);
  return config;
}

// A file as it is needed: of a kernel with debug information, hundreds of MB, only the beginning.
class MappedFile {
 public:
  static Result<MappedFile> open(const fs::path& path) {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about {};
    if (!fd || fstat(fd.get(), &about) != 0) return fail_errno("opening {}", path.string());
    const auto size = static_cast<size_t>(about.st_size);
    if (size == 0) return MappedFile(nullptr, 0);
    void* at = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (at == MAP_FAILED) return fail_errno("reading {}", path.string());
    return MappedFile(at, size);
  }
  MappedFile(MappedFile&& other) noexcept
      : at_(std::exchange(other.at_, nullptr)), size_(other.size_) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile() {
    if (at_) munmap(at_, size_);
  }
  [[nodiscard]] std::string_view content() const { return {static_cast<const char*>(at_), size_}; }

 private:
  MappedFile(void* at, size_t size) : at_(at), size_(size) {}
  void* at_;
  size_t size_;
};

Result<std::string> unpacked(std::string_view packed, const std::string& name) {
  const Fd file(memfd_create("config", MFD_CLOEXEC));
  if (!file || pwrite(file.get(), packed.data(), packed.size(), 0) < 0)
    return fail_errno("making room for {}", name);
  return unpack("gzip", file, name);
}

}  // namespace

std::optional<std::string_view> packed_config(std::string_view kernel) {
  constexpr std::string_view begin = "IKCFG_ST\x1f\x8b", end = "IKCFG_ED", marker = "IKCFG_ST";
  const size_t found = kernel.find(begin);
  if (found == kernel.npos) return {};
  kernel.remove_prefix(found + marker.size());
  return kernel.substr(0, kernel.find(end));
}

std::vector<std::string> missing_options(std::string_view text) {
  const Config config = parse(text);
  const auto is = [&](std::string_view option, std::string_view value) {
    const auto found = config.find(option);
    return found != config.end() && found->second == value;
  };
  const auto all_built_in = [&](const Options& options) {
    return std::ranges::all_of(options, [&](std::string_view option) { return is(option, "y"); });
  };
  std::vector<std::string> missing;
  for (const Need& need : needs()) {
    if (std::ranges::any_of(need, all_built_in)) continue;
    const std::string_view option = need.front().front();
    missing.push_back(std::string(option) +
                      (is(option, "m") ? " (built in, not as a module)" : ""));
  }
  return missing;
}

Result<std::optional<std::vector<std::string>>> missing_options_of_uml(const fs::path& kernel) {
  const auto file = MappedFile::open(kernel);
  if (!file) return std::unexpected(file.error());
  const auto packed = packed_config(file->content());
  if (!packed) return std::nullopt;
  const auto config = unpacked(*packed, "the configuration in " + kernel.string());
  if (!config) return std::unexpected(config.error());
  return missing_options(*config);
}

}  // namespace faultline
