#include "reports/folder_format.hpp"

#include <algorithm>
#include <array>

#include "reports/html/html.hpp"
#include "reports/pcapng.hpp"

namespace faultline {
namespace {

constexpr std::array formats{
    FolderFormat{"html", write_html},
    FolderFormat{"pcapng", pcapng_report},
};

}  // namespace

std::span<const FolderFormat> folder_formats() {
  return formats;
}

const FolderFormat* find_folder_format(std::string_view name) {
  const auto* const found = std::ranges::find(formats, name, &FolderFormat::name);
  return found == formats.end() ? nullptr : found;
}

}  // namespace faultline
