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

fs::path here() { return this_program().parent_path(); }

}  // namespace

fs::path this_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path("faultline") : program;
}

// In a build the program is in build/<preset>/, two below the sources; installed it is in bin/.
Result<fs::path> suite_folder() {
  return first_there("the suite of cases (--suite names another)",
                     {here() / "../../cases", here() / "../share/faultline/cases"});
}

Result<fs::path> linux_driver() {
  return first_there("the Linux driver", {here() / "faultline-driver-linux",
                                          here() / "../libexec/faultline/faultline-driver-linux"});
}

Result<fs::path> stack_folder(const std::string& name) {
  return first_there("the description of the stack " + name,
                     {here() / "../../stacks" / name, here() / "../share/faultline/stacks" / name});
}

Result<fs::path> kernel_recipes() {
  return first_there("the recipe of UML kernels", {here() / "../../harness/kernel/uml",
                                                   here() / "../share/faultline/kernel/uml"});
}

Result<UmlPlaces> uml_places() {
  const auto recipe = kernel_recipes();
  if (!recipe) return std::unexpected(recipe.error());
  const auto cache = cache_folder();
  if (!cache) return std::unexpected(cache.error());
  return UmlPlaces{.recipe = *recipe, .cache = *cache};
}

}  // namespace faultline
