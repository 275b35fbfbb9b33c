#include "harness/kernel/initramfs.hpp"

#include <sys/stat.h>

#include <limits>
#include <set>

#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t folder_mode = S_IFDIR | 0755;
constexpr uintmax_t most_content = std::numeric_limits<uint32_t>::max();

class Archive {
 public:
  // With the folders above it, each once.
  Result<void> add(const ArchiveEntry& entry) {
    const std::string path = fs::path(entry.path).relative_path().lexically_normal().string();
    for (size_t slash = 0; (slash = path.find('/', slash + 1)) != std::string::npos;)
      if (const auto folder = path.substr(0, slash); there_.insert(folder).second)
        put(folder, {.mode = folder_mode}, "");
    if (!there_.insert(path).second) return fail("{} is twice in an initramfs", path);
    if (entry.taken_from.empty()) {
      put(path, entry, entry.content);
      return {};
    }
    const auto content = read_file(entry.taken_from, most_content);
    if (!content) return std::unexpected(content.error());
    put(path, entry, *content);
    return {};
  }

  std::string finish() && {
    put("TRAILER!!!", {}, "");
    return std::move(bytes_);
  }

 private:
  // A head of 13 numbers, the name and the content, each ending at a multiple of four bytes.
  void put(const std::string& name, const ArchiveEntry& entry, std::string_view content) {
    const uint32_t links = S_ISDIR(entry.mode) ? 2 : 1;
    bytes_ += "070701";
    for (const size_t number :
         {size_t{++inode_}, size_t{entry.mode}, size_t{0}, size_t{0}, size_t{links}, size_t{0},
          content.size(), size_t{0}, size_t{0}, size_t{entry.major}, size_t{entry.minor},
          name.size() + 1, size_t{0}})
      bytes_ += fmt::format("{:08X}", number);
    bytes_.append(name).push_back('\0');
    align();
    bytes_ += content;
    align();
  }
  void align() { bytes_.resize((bytes_.size() + 3) / 4 * 4); }

  std::string bytes_;
  std::set<std::string> there_;
  uint32_t inode_ = 0;
};

}  // namespace

Result<std::string> initramfs(std::span<const ArchiveEntry> entries) {
  Archive archive;
  for (const ArchiveEntry& entry : entries)
    if (auto added = archive.add(entry); !added) return std::unexpected(added.error());
  return std::move(archive).finish();
}

}  // namespace faultline
