#include "harness/cli/places.hpp"

#include <fmt/ranges.h>

#include <vector>

#include "harness/kernel/cache.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

Result<fs::path> first_there(const std::string& what, const std::vector<fs::path>& places) {
  std::vector<std::string> looked;
  for (const fs::path& place : places) {
    std::error_code ignored;
    if (fs::exists(place, ignored)) return place.lexically_normal();
    looked.push_back(place.lexically_normal());
  }
  return fail("{} is not there; looked at {}", what, fmt::join(looked, ", "));
}

fs::path here() {
  return this_program().parent_path();
}

fs::path installed() {
  return here() / "../share/faultline";
}

// In a build the program is in build/<preset>/, two below the sources. Installed it is in bin/, and
// what is above that folder may be anybody's.
bool is_installed() {
  std::error_code ignored;
  return fs::exists(installed(), ignored);
}

fs::path data() {
  return is_installed() ? installed() : here() / "../..";
}

}  // namespace

fs::path this_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path("faultline") : program;
}

Result<fs::path> suite_folder(const std::string& named) {
  if (!named.empty()) return named;
  return first_there("the suite of cases (--suite names another)", {data() / "cases"});
}

Result<fs::path> linux_driver() {
  return first_there("the Linux driver", {here() / "faultline-driver-linux",
                                          here() / "../libexec/faultline/faultline-driver-linux"});
}

Result<fs::path> stack_folder(const std::string& name) {
  return first_there("the description of the stack " + name, {data() / "stacks" / name});
}

Result<fs::path> kernel_recipes() {
  return first_there("the recipe of UML kernels",
                     {data() / (is_installed() ? "kernel/uml" : "harness/kernel/uml")});
}

Result<UmlPlaces> uml_places() {
  const auto recipe = kernel_recipes();
  if (!recipe) return std::unexpected(recipe.error());
  const auto cache = cache_folder();
  if (!cache) return std::unexpected(cache.error());
  return UmlPlaces{.recipe = *recipe, .cache = *cache};
}

}  // namespace faultline
