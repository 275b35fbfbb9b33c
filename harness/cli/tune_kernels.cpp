#include "harness/cli/tune_kernels.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>

#include "harness/cli/exit_code.hpp"
#include "harness/cli/tell.hpp"
#include "harness/kernel/kernel_name.hpp"
#include "harness/kernel/qemu.hpp"
#include "harness/trace/file.hpp"
#include "harness/world/probe.hpp"

namespace faultline {
namespace {

constexpr size_t most_of_a_kernel = size_t{1} << 30;

KernelVersion recommended() {
  return *kernel_version(uml_names().front());
}

std::string release_of_host() {
  utsname name{};
  uname(&name);
  return name.release;
}

TuneKernel host(int hz) {
  const std::string release = release_of_host();
  return {.name = "host",
          .release = release,
          .version = kernel_version(release).value_or(recommended()),
          .hz = hz > 0 ? hz : kernel_hz()};
}

// A bzImage has its version in its header; a UML kernel in the banner that it prints
// (init/version.c, linux_banner).
KernelVersion version_of_file(const std::string& path) {
  const auto version = version_of_bzimage(path);
  if (version && *version) return kernel_version(**version).value_or(recommended());
  const auto program = read_file(path, most_of_a_kernel);
  constexpr std::string_view banner = "Linux version ";
  const size_t at = program ? program->find(banner) : std::string::npos;
  if (at == std::string::npos) return recommended();
  constexpr size_t longest_release = 64;
  const std::string release = program->substr(at + banner.size(), longest_release);
  return kernel_version(release).value_or(recommended());
}

TuneKernel named(const KernelName& name, const std::string& shown, int hz) {
  using Kind = KernelName::Kind;
  if (name.kind == Kind::host) return host(hz);
  TuneKernel kernel{
      .name = shown, .version = recommended(), .hz = hz > 0 ? hz : KernelName::default_hz};
  if (name.kind == Kind::uml) {
    kernel.version = kernel_version(name.source).value_or(recommended());
    kernel.hz = name.hz;
  } else if (name.kind == Kind::package) {
    kernel.version = kernel_version(shown).value_or(recommended());
  } else if (name.kind == Kind::file) {
    kernel.version = version_of_file(name.path);
  }
  return kernel;
}

std::expected<std::vector<TuningKernel>, int> told_apart(std::vector<TuningKernel> kernels) {
  for (size_t i = 0; i < kernels.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (kernels[i].kernel.name == kernels[j].kernel.name)
        return refuse(usage_error,
                      fmt::format("--kernel {}: it is named twice", kernels[i].kernel.name));
  return kernels;
}

}  // namespace

std::expected<std::vector<TuningKernel>, int> kernels_to_predict_for(
    const std::vector<std::string>& names, int hz) {
  std::vector<TuningKernel> all;
  for (const std::string& asked : names) {
    const auto name = parse_kernel_name(asked);
    if (!name) return refuse(usage_error, name.error().what);
    std::error_code ignored;
    if (name->kind == KernelName::Kind::file && !std::filesystem::is_regular_file(asked, ignored))
      return refuse(usage_error, fmt::format("there is no kernel {}", asked));
    all.push_back({named(*name, to_string(*name), hz), {}});
  }
  if (all.empty())
    all.push_back({{.name = "Linux " + to_string(recommended()),
                    .version = recommended(),
                    .hz = hz > 0 ? hz : KernelName::default_hz},
                   {}});
  return told_apart(std::move(all));
}

std::expected<std::vector<TuningKernel>, int> kernels_to_measure_on(
    const std::vector<std::string>& names, const std::string& modules, int hz) {
  std::vector<TuningKernel> all;
  for (const std::string& asked : names.empty() ? std::vector<std::string>{""} : names) {
    auto chosen = choose_kernel(asked, modules);
    if (!chosen) return std::unexpected(chosen.error());
    const auto name = parse_kernel_name(asked.empty() ? chosen->name : asked);
    if (!name) return refuse(usage_error, name.error().what);
    all.push_back({named(*name, chosen->name, hz), std::move(*chosen)});
  }
  return told_apart(std::move(all));
}

}  // namespace faultline
