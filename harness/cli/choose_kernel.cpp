#include "harness/cli/choose_kernel.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/tell.hpp"
#include "harness/kernel/cache.hpp"
#include "harness/kernel/deb.hpp"
#include "harness/kernel/kernel_config.hpp"
#include "harness/kernel/qemu.hpp"
#include "harness/kernel/uml_build.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// A case of 24 idle days is silent for a second; the rest is for a machine that is busy.
constexpr Nanos uml_silence = 2min;
// QEMU passes an idle day in some seconds, and computes ten times slower.
constexpr Nanos qemu_silence = 5min;
constexpr Nanos longest_in_qemu = 4h;

// `lacks` as in GuestPool::Machine; a kernel that was built by our own recipe lacks nothing.
ChosenKernel uml(std::string name, const fs::path& image,
                 std::optional<std::vector<std::string>> lacks = std::vector<std::string>{}) {
  return {.name = std::move(name),
          .machine = {.launch =
                          [image](const std::string& plan, const fs::path& folder) {
                            return uml_launch(image, this_program(), plan, folder);
                          },
                      .longest_silence = uml_silence,
                      .free_computing = true,
                      .lacks = std::move(lacks)}};
}

std::expected<ChosenKernel, int> qemu(std::string name, const fs::path& image,
                                      const std::string& modules) {
  const auto kernel = modules.empty() ? qemu_kernel(image) : qemu_kernel(image, fs::path(modules));
  if (!kernel) return refuse(usage_error, kernel.error().what);
  return ChosenKernel{
      .name = std::move(name),
      .machine = {.launch =
                      [kernel = *kernel](const std::string& plan, const fs::path& folder) {
                        return qemu_launch(kernel, this_program(), plan, folder);
                      },
                  .longest_silence = qemu_silence,
                  .lacks = kernel->not_there},
      .longest_ordinary = longest_in_qemu};
}

std::expected<ChosenKernel, int> package(const KernelName& name, const std::string& modules) {
  const auto cache = cache_folder();
  if (!cache) return refuse(internal_error, cache.error().what);
  Watcher watcher{.say = [](const std::string& what) { tell(stderr, what + "\n"); }, .count = {}};
  const auto unpacked = kernel_package(name.package, *cache, watcher);
  if (unpacked) return qemu(unpacked->name, unpacked->vmlinuz, modules);
  return refuse(watcher.interrupted ? interrupted : usage_error, unpacked.error().what);
}

Result<std::optional<fs::path>> built(const KernelName& name) {
  const auto places = uml_places();
  if (!places) return std::unexpected(places.error());
  return uml_path(name, *places);
}

// The recommended one where it is there; nothing is built unasked.
ChosenKernel default_kernel() {
  const auto name = parse_kernel_name(uml_names().front());
  if (const auto image = built(*name); image && *image) return uml(to_string(*name), **image);
  return {.name = "host"};
}

// Whether it says of itself that it is Linux (init/version.c) or how it was configured
// (kernel/configs.c). Any other program would be started as a kernel, and would do what it does.
bool is_linux(const std::string& path) {
  constexpr size_t most_of_a_kernel = size_t{1} << 30;
  const auto program = read_file(path, most_of_a_kernel);
  return program && (program->find("Linux version ") != program->npos ||
                     program->find("IKCFG_ST") != program->npos);
}

// A bzImage is for QEMU, a program is a UML kernel of the user's own.
std::expected<ChosenKernel, int> kernel_file(const std::string& path, const std::string& modules) {
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return refuse(usage_error, fmt::format("there is no kernel {}", path));
  const auto version = version_of_bzimage(path);
  if (!version) return refuse(usage_error, version.error().what);
  if (*version) return qemu(path, path, modules);
  if (access(path.c_str(), X_OK) != 0)
    return refuse(usage_error,
                  fmt::format("{} is neither a bzImage nor a UML kernel, a program", path));
  if (!is_linux(path))
    return refuse(usage_error, fmt::format("{} is a program, but no UML kernel", path));
  auto lacks = missing_options_of_uml(path);
  if (!lacks) return refuse(usage_error, lacks.error().what);
  return uml(path, fs::absolute(path), std::move(*lacks));
}

}  // namespace

std::expected<ChosenKernel, int> choose_kernel(const std::string& asked,
                                               const std::string& modules) {
  if (asked.empty()) return default_kernel();
  const auto name = parse_kernel_name(asked);
  if (!name) return refuse(usage_error, name.error().what);
  if (name->kind == KernelName::Kind::host) return ChosenKernel{.name = "host"};
  if (name->kind == KernelName::Kind::file) return kernel_file(name->path, modules);
  if (name->kind == KernelName::Kind::package) return package(*name, modules);
  const auto image = built(*name);
  if (!image) return refuse(internal_error, image.error().what);
  if (!*image)
    return refuse(usage_error, fmt::format("{0} has not been built; 'faultline kernel build {0}' "
                                           "does it once, in a few minutes",
                                           to_string(*name)));
  return uml(to_string(*name), **image);
}

}  // namespace faultline
