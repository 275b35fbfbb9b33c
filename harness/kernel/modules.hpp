// The modules that a distribution's kernel needs before cases can run in it: found in its modules
// folder, put in order, and loaded inside the guest. What a module depends on is read from the
// module itself: the modules.dep of a kernel that is not installed has not been made yet.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

// A folder like /lib/modules/6.1.0-56-cloud-amd64. Names have '_' where file names may have '-'.
struct ModuleTree {
  std::map<std::string, std::filesystem::path> files;  // by the module's name
  std::set<std::string> built_in;
};

// "kernel/drivers/virtio/virtio-pci.ko.xz" holds "virtio_pci"; "" where it holds no module.
[[nodiscard]] std::string module_name(std::string_view path);

// The names in a modules.builtin.
[[nodiscard]] std::set<std::string> built_in_names(std::string_view text);

// Error: no such folder, or no kernel's modules in it.
[[nodiscard]] Result<ModuleTree> read_module_tree(const std::filesystem::path& folder);

// The modules that must be there before this one: what its .modinfo says after "depends=". Pure.
[[nodiscard]] std::vector<std::string> dependencies_in(std::string_view module);

// The module without the signature at its end; checking one takes a guest as long as 40 ms, and
// kernels take modules without (except with CONFIG_MODULE_SIG_FORCE). Pure.
[[nodiscard]] std::string_view without_signature(std::string_view module);

// A module's content; .xz, .zst and .gz are unpacked by the machine's xz, zstd and gzip. Error: it
// cannot be read, or the unpacking program is not there.
[[nodiscard]] Result<std::string> read_module(const std::filesystem::path& file);

// One thing that a kernel must have: all modules of one of the `choices`, the first that it has.
struct ModuleNeed {
  std::vector<std::vector<std::string>> choices;
  std::string option;  // what to name where it has none: "CONFIG_NETFILTER_NETLINK_QUEUE"
};

// What worlds, the wire and the observer use, and the channel of a QEMU guest.
[[nodiscard]] std::span<const ModuleNeed> guest_needs();

struct LoadedModule {
  std::string name;
  std::string content;  // ready to be loaded
};

struct ModulePlan {
  std::vector<LoadedModule> in_order;  // each after those that it depends on
  std::vector<std::string> not_there;  // the options of needs that this kernel cannot fulfil
};

// Error: `read` failed, or a module depends on one that is nowhere.
[[nodiscard]] Result<ModulePlan> plan_modules(
    const ModuleTree& tree, std::span<const ModuleNeed> needs,
    const std::function<Result<std::string>(const std::filesystem::path&)>& read = read_module);

// In the guest, as root: loads the files that `list` names, one a line. One that is loaded already
// is fine. Error: the first that the kernel refuses, with its reason.
[[nodiscard]] Result<void> load_modules(const std::filesystem::path& list);

}  // namespace faultline
