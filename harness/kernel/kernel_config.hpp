// Which options a UML kernel lacks, by the configuration that it carries in itself
// (CONFIG_IKCONFIG).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

// The configuration within a kernel's file, packed by gzip (kernel/configs.c); nothing where it
// carries none. Pure.
[[nodiscard]] std::optional<std::string_view> packed_config(std::string_view kernel);

// What cases need and this configuration, a `.config`, does not have built in: the options' names,
// "CONFIG_VETH", of a module "CONFIG_VETH=y instead of m", as guests of UML load none. Pure.
[[nodiscard]] std::vector<std::string> missing_options(std::string_view config);

// The same of a kernel's file; nothing where it does not tell, and has to be tried
// (harness/world/try_options.hpp). Error: it cannot be read, or its configuration not unpacked.
[[nodiscard]] Result<std::optional<std::vector<std::string>>> missing_options_of_uml(
    const std::filesystem::path& kernel);

}  // namespace faultline
