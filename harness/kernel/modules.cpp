#include "harness/kernel/modules.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "harness/kernel/unpack.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/fd.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_list = size_t{1} << 20;
constexpr size_t most_module = size_t{1} << 28;

std::string with_underscores(std::string_view name) {
  std::string plain(name);
  std::ranges::replace(plain, '-', '_');
  return plain;
}

// Depth first, so that what a module depends on comes before it.
class Planner {
 public:
  Planner(const ModuleTree& tree,
          const std::function<Result<std::string>(const fs::path&)>& read_file)
      : tree_(tree), read_(read_file) {}

  [[nodiscard]] bool has(const std::string& name) const {
    return tree_.built_in.contains(name) || tree_.files.contains(name);
  }
  Result<void> add(const std::string& name) {
    if (tree_.built_in.contains(name) || !seen_.insert(name).second) return {};
    const auto file = tree_.files.find(name);
    if (file == tree_.files.end()) return fail("the kernel has no module {}", name);
    auto packed = read_(file->second);
    if (!packed) return std::unexpected(packed.error());
    for (const std::string& dependency : dependencies_in(*packed))
      if (auto added = add(dependency); !added) return fail("{}: {}", name, added.error().what);
    plan.in_order.push_back({name, std::string(without_signature(*packed))});
    return {};
  }
  Result<void> fulfil(const ModuleNeed& need) {
    const auto has_all = [this](const auto& names) {
      return std::ranges::all_of(names, [this](const auto& name) { return has(name); });
    };
    const auto choice = std::ranges::find_if(need.choices, has_all);
    if (choice == need.choices.end()) {
      plan.not_there.push_back(need.option);
      return {};
    }
    for (const std::string& name : *choice)
      if (auto added = add(name); !added) return added;
    return {};
  }

  ModulePlan plan;

 private:
  const ModuleTree& tree_;
  const std::function<Result<std::string>(const fs::path&)>& read_;
  std::set<std::string> seen_;
};

Result<void> load(const std::string& file) {
  const Fd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("opening {}", file);
  if (syscall(SYS_finit_module, fd.get(), "", 0) == 0 || errno == EEXIST) return {};
  return fail_errno("loading {}", file);
}

}  // namespace

std::string module_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  const size_t end = path.find(".ko");
  const std::string_view rest = end == path.npos ? "none" : path.substr(end + 3);
  if (rest != "" && rest != ".xz" && rest != ".zst" && rest != ".gz") return {};
  return with_underscores(path.substr(0, end));
}

std::set<std::string> built_in_names(std::string_view text) {
  std::set<std::string> names;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) names.insert(module_name(line));
  names.erase("");
  return names;
}

Result<ModuleTree> read_module_tree(const fs::path& folder) {
  ModuleTree tree;
  if (const auto list = read_file(folder / "modules.builtin", most_list))
    tree.built_in = built_in_names(*list);
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder / "kernel", error), end; at != end;
       at.increment(error))
    if (const auto name = module_name(at->path().string()); !name.empty())
      tree.files[name] = at->path();
  if (tree.files.empty() && tree.built_in.empty())
    return fail("{} holds no modules of a kernel{}{}", folder.string(), error ? ": " : "",
                error ? error.message() : "");
  return tree;
}

std::vector<std::string> dependencies_in(std::string_view module) {
  constexpr std::string_view key("\0depends=", 9);
  const size_t found = module.find(key);
  if (found == module.npos) return {};
  module.remove_prefix(found + key.size());
  std::istringstream list{std::string(module.substr(0, module.find('\0')))};
  std::vector<std::string> names;
  for (std::string name; std::getline(list, name, ',');) names.push_back(with_underscores(name));
  return names;
}

Result<std::string> read_module(const fs::path& file) {
  static const std::map<std::string, std::string> programs = {
      {".xz", "xz"}, {".zst", "zstd"}, {".gz", "gzip"}};
  const auto program = programs.find(file.extension().string());
  if (program == programs.end()) return read_file(file, most_module);
  const Fd packed(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!packed) return fail_errno("opening {}", file.string());
  return unpack(program->second, packed, file.string());
}

// The marker, before it twelve bytes of which the last four are the signature's size, big endian
// (struct module_signature in include/linux/module_signature.h), before them the signature.
std::string_view without_signature(std::string_view module) {
  constexpr std::string_view marker = "~Module signature appended~\n";
  constexpr size_t head = 12, size_bytes = 4;
  if (!module.ends_with(marker) || module.size() < marker.size() + head) return module;
  const size_t end = module.size() - marker.size();
  size_t size = 0;
  for (size_t i = end - size_bytes; i < end; ++i)
    size = size << 8 | static_cast<unsigned char>(module[i]);
  return size <= end - head ? module.substr(0, end - head - size) : module;
}

std::span<const ModuleNeed> guest_needs() {
  static const std::vector<ModuleNeed> needs = {
      {{{"virtio_pci"}}, "CONFIG_VIRTIO_PCI"},
      {{{"virtio_console"}}, "CONFIG_VIRTIO_CONSOLE"},
      {{{"ipv6"}}, "CONFIG_IPV6"},
      {{{"af_packet"}}, "CONFIG_PACKET"},
      {{{"veth"}}, "CONFIG_VETH"},
      {{{"tcp_diag"}}, "CONFIG_INET_TCP_DIAG"},
      {{{"nf_tables"}}, "CONFIG_NF_TABLES"},
      {{{"nft_queue"}, {"nft_compat", "xt_NFQUEUE"}}, "CONFIG_NFT_QUEUE"},
      {{{"nfnetlink_queue"}}, "CONFIG_NETFILTER_NETLINK_QUEUE"},
  };
  return needs;
}

Result<ModulePlan> plan_modules(const ModuleTree& tree, std::span<const ModuleNeed> needs,
                                const std::function<Result<std::string>(const fs::path&)>& read) {
  Planner planner(tree, read);
  for (const ModuleNeed& need : needs)
    if (auto done = planner.fulfil(need); !done) return std::unexpected(done.error());
  return std::move(planner.plan);
}

Result<void> load_modules(const fs::path& list) {
  const auto text = read_file(list, most_list);
  if (!text) return std::unexpected(text.error());
  std::istringstream lines(*text);
  for (std::string file; std::getline(lines, file);)
    if (auto loaded = load(file); !loaded) return loaded;
  return {};
}

}  // namespace faultline
