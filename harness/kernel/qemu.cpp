#include "harness/kernel/qemu.hpp"

#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "harness/kernel/libraries.hpp"
#include "harness/kernel/modules.hpp"
#include "harness/kernel/qemu_guest.hpp"
#include "harness/kernel/tool.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr auto qemu = "qemu-system-x86_64";

// Within the guest. The device's name follows from there being one port.
constexpr auto guest_program = "/faultline", guest_plan = "/plan", guest_channel = "/dev/vport0p1",
               guest_libraries = "/lib/faultline";

// With 64 MB for translated code (less makes it slow, more does not help) and QEMU itself below
// 512.
constexpr auto memory_megabytes = "384";
constexpr auto accelerator = "tcg,tb-size=64";

// What makes a guest start in few instructions, keeps it from waking up when there is nothing to
// do, and takes from it whatever could differ between two runs.
constexpr std::array kernel_options = {
    "console=ttyS0", "quiet", "panic=-1",
    // Without these, 4 s of real time go into finding out how fast the processor's timers are. The
    // clock is the counted instructions, 1 GHz; timers fire by the HPET, which is exact.
    "tsc_early_khz=1000000", "tsc=reliable", "nolapic_timer", "no_timer_check",
    // What is of no use to a guest that lives for a run.
    "mitigations=off", "audit=0", "selinux=0", "apparmor=0", "nowatchdog", "cryptomgr.notests",
    "edd=off", "noreplace-smp",
    // Five wake-ups a second for nothing; without, an idle hour costs 0.1 s instead of 2 s.
    "psi=0", "cgroup_disable=memory", "no_hash_pointers", "sysctl.vm.compaction_proactiveness=0",
    "sysctl.vm.stat_interval=1000000", "sysctl.vm.dirty_writeback_centisecs=0",
    // Randomness from QEMU's seed, and enough of it at once.
    "nokaslr", "random.trust_cpu=on"};

// In QEMU's options a comma is written twice.
std::string with_commas_doubled(const fs::path& path) {
  std::string doubled;
  for (const char c : path.string()) doubled.append(c == ',' ? 2 : 1, c);
  return doubled;
}

std::string command_line() {
  return fmt::format("{} rdinit={} LD_LIBRARY_PATH={} -- guest {} {}",
                     fmt::join(kernel_options, " "), guest_program, guest_libraries, guest_plan,
                     guest_channel);
}

// On a device without ioeventfd: what is written has reached the host before the next instruction.
std::vector<std::string> arguments(const fs::path& vmlinuz, const fs::path& initrd,
                                   const fs::path& channel) {
  return {qemu, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial",
          "stdio", "-machine", "q35", "-bios", "qboot.rom", "-accel", accelerator, "-icount",
          "shift=0,sleep=off", "-cpu", "qemu64,+rdrand", "-smp", "1", "-m", memory_megabytes,
          // A clock on the wall that says the same in every run, and the same dice.
          "-rtc", "base=2023-11-14T22:13:20,clock=vm", "-seed", "1", "-nic", "none", "-device",
          "virtio-serial-pci,disable-legacy=on,ioeventfd=off", "-chardev",
          "file,id=channel,path=" + with_commas_doubled(channel), "-device",
          "virtserialport,chardev=channel", "-kernel", vmlinuz.string(), "-initrd", initrd.string(),
          "-append", command_line()};
}

Result<std::vector<ArchiveEntry>> entries_of_program(const fs::path& program) {
  const auto needs = needs_of_program(program);
  if (!needs) return std::unexpected(needs.error());
  constexpr uint32_t executable = S_IFREG | 0755;
  std::vector<ArchiveEntry> entries = {
      {.path = guest_program, .mode = executable, .taken_from = program}};
  if (!needs->loader.empty())
    entries.push_back(
        {.path = needs->loader.string(), .mode = executable, .taken_from = needs->loader});
  for (const Library& library : needs->libraries)
    entries.push_back({.path = fs::path(guest_libraries) / library.name,
                       .mode = executable,
                       .taken_from = library.file});
  return entries;
}

std::vector<ArchiveEntry> entries_of_modules(std::vector<LoadedModule> modules) {
  std::vector<ArchiveEntry> entries;
  std::string list;
  for (LoadedModule& module : modules) {
    const std::string path = fmt::format("/modules/{}.ko", module.name);
    list += path + "\n";
    entries.push_back({.path = path, .mode = S_IFREG | 0644, .content = std::move(module.content)});
  }
  entries.push_back({.path = guest_module_list, .mode = S_IFREG | 0644, .content = list});
  return entries;
}

Result<ModulePlan> modules_for(const fs::path& folder) {
  const auto tree = read_module_tree(folder);
  if (!tree) return std::unexpected(tree.error());
  return plan_modules(*tree, guest_needs());
}

Result<void> require_qemu() {
  if (have_tool(qemu)) return {};
  return fail(
      "there is no {} to run this kernel with:\n  apt-get install --no-install-recommends "
      "qemu-system-x86",
      qemu);
}

}  // namespace

std::optional<std::string> bzimage_version(std::string_view image) {
  constexpr size_t magic_at = 0x202, pointer_at = 0x20e, base = 0x200;
  if (image.size() < pointer_at + 2 || !image.substr(magic_at).starts_with("HdrS")) return {};
  const auto byte = [&](size_t at) { return static_cast<unsigned char>(image[at]); };
  const size_t at = base + (byte(pointer_at) | byte(pointer_at + 1) << 8);
  if (at >= image.size()) return {};
  image.remove_prefix(at);
  return std::string(image.substr(0, image.find_first_of(std::string_view(" \0", 2))));
}

Result<std::optional<std::string>> version_of_bzimage(const fs::path& file) {
  std::array<char, bzimage_head> head{};
  std::ifstream image(file, std::ios::binary);
  if (!image) return fail_errno("opening {}", file.string());
  image.read(head.data(), head.size());
  if (image.bad()) return fail("reading {} failed", file.string());
  return bzimage_version({head.data(), static_cast<size_t>(image.gcount())});
}

std::optional<fs::path> modules_beside(const fs::path& vmlinuz, const std::string& version) {
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(vmlinuz, error).parent_path();
  const fs::path above = folder.parent_path();
  for (const fs::path& modules :
       {above / "lib/modules" / version, above / "usr/lib/modules" / version, folder})
    if (fs::is_directory(modules / "kernel", error)) return modules;
  return {};
}

Result<QemuKernel> qemu_kernel(const fs::path& vmlinuz, const std::optional<fs::path>& modules) {
  if (auto there = require_qemu(); !there) return std::unexpected(there.error());
  const auto version = version_of_bzimage(vmlinuz);
  if (!version) return std::unexpected(version.error());
  if (!*version) return fail("{} is no kernel for x86 machines (a bzImage)", vmlinuz.string());
  QemuKernel kernel{.vmlinuz = fs::absolute(vmlinuz), .version = **version};
  std::vector<LoadedModule> in_order;
  if (const auto folder = modules ? modules : modules_beside(vmlinuz, kernel.version)) {
    auto plan = modules_for(*folder);
    if (!plan) return std::unexpected(plan.error());
    in_order = std::move(plan->in_order);
    kernel.not_there = std::move(plan->not_there);
  }
  kernel.modules = entries_of_modules(std::move(in_order));
  return kernel;
}

Result<Launch> qemu_launch(const QemuKernel& kernel, const fs::path& program,
                           const std::string& plan, const fs::path& folder) {
  auto entries = entries_of_program(program);
  if (!entries) return std::unexpected(entries.error());
  entries->insert(entries->end(), kernel.modules.begin(), kernel.modules.end());
  entries->push_back({.path = guest_plan, .mode = S_IFREG | 0644, .content = plan});
  for (const char* mounted : {"/dev", "/proc", "/sys", "/run", "/tmp"})
    entries->push_back({.path = mounted, .mode = S_IFDIR | 0755});
  // The kernel opens it for the first process, before anything is mounted.
  entries->push_back({.path = "/dev/console", .mode = S_IFCHR | 0600, .major = 5, .minor = 1});
  const auto archive = initramfs(*entries);
  if (!archive) return std::unexpected(archive.error());
  const fs::path initrd = folder / "initrd", channel = folder / "channel";
  if (auto done = write_file(initrd, *archive); !done) return std::unexpected(done.error());
  if (auto done = write_file(channel, ""); !done) return std::unexpected(done.error());
  return Launch{arguments(kernel.vmlinuz, initrd, channel), channel};
}

}  // namespace faultline
