#include "harness/cli/choose_kernel.hpp"

#include <fmt/format.h>

#include <fstream>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/places.hpp"
#include "harness/kernel/cache.hpp"
#include "harness/kernel/uml_build.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// A case of 24 idle days is silent for five seconds; the rest is for a machine that is busy.
constexpr Nanos uml_silence = 2min;

std::unexpected<int> complain(int code, const std::string& why) {
  fmt::print(stderr, "faultline: {}\n", why);
  return std::unexpected(code);
}

ChosenKernel uml(std::string name, const fs::path& image) {
  return {.name = std::move(name),
          .launcher =
              [image](const std::string& plan, const fs::path& folder) {
                return uml_launch(image, this_program(), plan, folder);
              },
          .longest_silence = uml_silence};
}

Result<std::optional<fs::path>> built(const KernelName& name) {
  const auto recipe = kernel_recipes();
  if (!recipe) return std::unexpected(recipe.error());
  const auto cache = cache_folder();
  if (!cache) return std::unexpected(cache.error());
  return uml_path(name, {.recipe = *recipe, .cache = *cache});
}

// The recommended one where it is there; nothing is built unasked.
ChosenKernel default_kernel() {
  const auto name = parse_kernel_name(uml_names().front());
  if (const auto image = built(*name); image && *image) return uml(to_string(*name), **image);
  return {.name = "host"};
}

// A program is a UML kernel of the user's own, anything else is for QEMU.
bool is_program(const fs::path& file) {
  std::ifstream image(file, std::ios::binary);
  char magic[4] = {};
  image.read(magic, sizeof magic);
  std::error_code error;
  const auto mode = fs::status(file, error).permissions();
  return std::string_view(magic, 4) == "\177ELF" &&
         (mode & fs::perms::owner_exec) != fs::perms::none;
}

std::expected<ChosenKernel, int> kernel_file(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error))
    return complain(usage_error, fmt::format("there is no kernel {}", path));
  if (is_program(path)) return uml(path, fs::absolute(path));
  return complain(usage_error, fmt::format("{} is no UML kernel", path));
}

}  // namespace

std::expected<ChosenKernel, int> choose_kernel(const std::string& asked, const std::string&) {
  if (asked.empty()) return default_kernel();
  const auto name = parse_kernel_name(asked);
  if (!name) return complain(usage_error, name.error().what);
  if (name->kind == KernelName::Kind::host) return ChosenKernel{.name = "host"};
  if (name->kind == KernelName::Kind::file) return kernel_file(name->path);
  if (name->kind != KernelName::Kind::uml) return complain(usage_error, "not yet");
  const auto image = built(*name);
  if (!image) return complain(internal_error, image.error().what);
  if (!*image)
    return complain(usage_error, fmt::format("{0} has not been built; 'faultline kernel build {0}' "
                                             "does it once, in a few minutes",
                                             to_string(*name)));
  return uml(to_string(*name), **image);
}

}  // namespace faultline
