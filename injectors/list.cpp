#include <algorithm>
#include <array>

#include "injectors/kinds.hpp"

namespace faultline {

std::span<const InjectorKind> injector_kinds() {
  static const std::array kinds{pass_kind(),      drop_kind(),   delay_kind(),   hold_kind(),
                                duplicate_kind(), unplug_kind(), corrupt_kind(), truncate_kind(),
                                edit_kind(),      forge_kind(),  icmp_kind(),    limit_kind(),
                                shift_kind(),     loss_kind()};
  return kinds;
}

const InjectorKind* find_injector(std::string_view name) {
  const auto kinds = injector_kinds();
  const auto found = std::ranges::find(kinds, name, &InjectorKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace faultline
