// Kernels of distributions as guests: an unmodified bzImage under QEMU, whose clock counts
// instructions. One instruction takes a nanosecond, and the clock jumps to the next timer when all
// sleep. The same guest makes the same steps at the same nanoseconds every time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/kernel/initramfs.hpp"
#include "harness/kernel/launch.hpp"
#include "harness/util/error.hpp"

namespace faultline {

// Where the version is: an offset of 16 bits after the first 0x200 bytes.
inline constexpr size_t bzimage_head = 0x200 + 0x10000;

// The version in the head of a bzImage, "6.1.0-56-cloud-amd64"; nothing where it is none, as a UML
// kernel is (Documentation/arch/x86/boot.rst, kernel_version). Pure.
[[nodiscard]] std::optional<std::string> bzimage_version(std::string_view image);

// The same of a file. Error: it cannot be read.
[[nodiscard]] Result<std::optional<std::string>> version_of_bzimage(
    const std::filesystem::path& file);

// The folder of the modules of a kernel in …/boot/: …/lib/modules/VERSION or …/usr/lib/modules/
// VERSION; or the folder that the kernel itself is in. Nothing where none of them is there.
[[nodiscard]] std::optional<std::filesystem::path> modules_beside(
    const std::filesystem::path& vmlinuz, const std::string& version);

// A kernel, with what its guests have in common. Made once for any number of guests.
struct QemuKernel {
  std::filesystem::path vmlinuz;
  std::string version;
  std::vector<ArchiveEntry> modules;   // and the list of them
  // CONFIG_ options that it lacks: no case can run in it. Nothing where no modules folder tells.
  std::optional<std::vector<std::string>> not_there;
};

// `modules` is its modules folder; where none is given, the one beside it. A kernel without any may
// have everything built in. Error: no bzImage, no readable module, or no QEMU on this
// machine; says what to do.
[[nodiscard]] Result<QemuKernel> qemu_kernel(
    const std::filesystem::path& vmlinuz,
    const std::optional<std::filesystem::path>& modules = std::nullopt);

// A guest, its files in `folder`, an existing one: `program` becomes its first process and is told
// "guest PLAN CHANNEL", to begin with prepare_qemu_guest(CHANNEL). What is written to the channel
// is in its file at once. At most 512 MB of memory, QEMU's own included.
[[nodiscard]] Result<Launch> qemu_launch(const QemuKernel& kernel,
                                         const std::filesystem::path& program,
                                         const std::string& plan,
                                         const std::filesystem::path& folder);

}  // namespace faultline
