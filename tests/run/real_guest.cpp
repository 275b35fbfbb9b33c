#include "tests/run/real_guest.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "harness/kernel/cache.hpp"
#include "harness/kernel/uml_build.hpp"
#include "tests/cli/process.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

struct Stat {
  char state = 0;
  pid_t parent = -1;
};

// What is after the name, which stands in parentheses (proc(5)).
Stat stat_of(pid_t process) {
  std::string text;
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::getline(file, text);
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  Stat stat;
  rest >> stat.state >> stat.parent;
  return stat;
}

pid_t find_kernel(const fs::path& image) {
  const auto all = processes_below(image);
  for (const pid_t one : all) {
    const pid_t parent = stat_of(one).parent;
    if (parent > 0 && std::ranges::find(all, parent) == all.end()) return one;
  }
  return -1;
}

}  // namespace

std::optional<fs::path> built_uml() {
  const auto cache = cache_folder();
  const auto name = parse_kernel_name("uml-6.12");
  if (!cache || !name) return {};
  const auto found = uml_path(
      *name, {.recipe = fs::path(FAULTLINE_SOURCE_DIR) / "harness/kernel/uml", .cache = *cache});
  return found ? *found : std::nullopt;
}

pid_t kernel_process(const fs::path& image) {
  pid_t found = -1;
  if (!eventually([&] { return (found = find_kernel(image)) > 0; }, milliseconds(20'000)))
    throw std::runtime_error("no guest runs " + image.string());
  return found;
}

void freeze(pid_t process) {
  if (process <= 1 || kill(process, SIGSTOP) != 0) throw std::runtime_error("nothing to freeze");
  eventually([&] { return stat_of(process).state == 'T'; }, milliseconds(20'000));
}

}  // namespace faultline::test
