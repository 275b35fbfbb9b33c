#include "reports/folder_format.hpp"

#include <algorithm>

namespace faultline {
namespace {

constexpr std::span<const FolderFormat> formats{};

}  // namespace

std::span<const FolderFormat> folder_formats() {
  return formats;
}

const FolderFormat* find_folder_format(std::string_view name) {
  const auto found = std::ranges::find(formats, name, &FolderFormat::name);
  return found == formats.end() ? nullptr : &*found;
}

}  // namespace faultline
