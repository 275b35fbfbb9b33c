// faultline kernel build, list and path.
#include <fmt/format.h>

#include <chrono>

#include "harness/cli/commands.hpp"
#include "harness/cli/places.hpp"
#include "harness/cli/tell.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/kernel/uml_build.hpp"
#include "harness/util/time.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

Result<KernelName> parse_uml_name(const std::string& text) {
  auto name = parse_kernel_name(text);
  if (name && name->kind != KernelName::Kind::uml)
    return fail("'{}' is not built but taken as it is; only uml-… kernels are built", text);
  return name;
}

// A status line on a terminal; elsewhere a line for each tenth.
class BuildProgress {
 public:
  explicit BuildProgress(std::string name) : name_(std::move(name)) {}
  void say(const std::string& what) {
    terminal_.print(fmt::format("{}: {}\n", name_, safe_text(what)));
    began_ = Clock::now();
    tenths_ = 0;
  }
  void count(size_t done, size_t of) {
    if (of == 0) return;
    if (terminal_.rewrites())
      return terminal_.status(fmt::format("{}: {} %{}", name_, 100 * done / of, left(done, of)));
    if (10 * done / of <= tenths_) return;
    tenths_ = 10 * done / of;
    terminal_.print(fmt::format("{}: {} %\n", name_, 10 * tenths_));
  }

 private:
  // Nothing in the first seconds, when it would be a guess.
  [[nodiscard]] std::string left(size_t done, size_t of) const {
    const Nanos elapsed = Clock::now() - began_;
    if (done == 0 || elapsed < 10s) return "";
    const Nanos rest = elapsed / static_cast<Nanos::rep>(done) * static_cast<Nanos::rep>(of - done);
    return fmt::format(" · about {} left",
                       format_duration(std::chrono::ceil<std::chrono::seconds>(rest)));
  }

  std::string name_;
  Terminal terminal_;
  Clock::time_point began_ = Clock::now();
  size_t tenths_ = 0;
};

int build_one(const KernelName& name, const UmlPlaces& where) {
  if (const auto built = uml_path(name, where); built && *built) {
    fmt::print("{} is built: {}\n", to_string(name), (*built)->string());
    return all_as_expected;
  }
  BuildProgress progress(to_string(name));
  Watcher watcher{.say = [&](const std::string& what) { progress.say(what); },
                  .count = [&](size_t done, size_t of) { progress.count(done, of); }};
  const auto built = build_uml(name, where, watcher);
  if (!built)
    return complain(watcher.interrupted ? interrupted : something_failed, built.error().what);
  progress.say("built, " + built->string());
  return all_as_expected;
}

void list_one(const KernelName& name, const UmlPlaces& where) {
  const auto built = uml_path(name, where);
  std::error_code ignored;
  if (built && *built)
    fmt::print("{:<14} built      {:>4.1f} MB  {}\n", to_string(name),
               static_cast<double>(fs::file_size(**built, ignored)) / 1e6, (*built)->string());
  else if (name.hz == KernelName::default_hz)
    fmt::print("{:<14} not built  'faultline kernel build {}'\n", to_string(name), to_string(name));
}

}  // namespace

int kernel_build_command(const std::vector<std::string>& names) {
  std::vector<KernelName> kernels;
  for (const std::string& text : names) {
    const auto name = parse_uml_name(text);
    if (!name) return complain(usage_error, name.error().what);
    kernels.push_back(*name);
  }
  const auto where = uml_places();
  if (!where) return complain(something_failed, where.error().what);
  for (const KernelName& name : kernels)
    if (const int code = build_one(name, *where); code != all_as_expected) return code;
  return all_as_expected;
}

int kernel_list_command() {
  const auto where = uml_places();
  if (!where) return complain(something_failed, where.error().what);
  fmt::print("{:<14} this machine's own, in real time\n", "host");
  for (const std::string& text : uml_names()) {
    KernelName name = *parse_kernel_name(text);
    for (const int hz : hz_choices) {
      name.hz = hz;
      list_one(name, *where);
    }
  }
  fmt::print("{:<14} a distribution's, fetched when it is used\n", "deb:PACKAGE");
  fmt::print("{:<14} a UML program or a bzImage of your own\n", "PATH");
  return all_as_expected;
}

int kernel_path_command(const std::string& text) {
  const auto name = parse_uml_name(text);
  if (!name) return complain(usage_error, name.error().what);
  const auto where = uml_places();
  if (!where) return complain(something_failed, where.error().what);
  const auto built = uml_path(*name, *where);
  if (!built) return complain(something_failed, built.error().what);
  if (!*built)
    return complain(something_failed, fmt::format("{0} is not built: 'faultline kernel build {0}'",
                                                  to_string(*name)));
  fmt::print("{}\n", (*built)->string());
  return all_as_expected;
}

}  // namespace faultline
