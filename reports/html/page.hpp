// What every page of a report has around it. No page holds a script or a style, so that servers
// which forbid both show it as it is meant: all looks come from style.css beside it. The markup is
// well-formed XML as well.
#pragma once

#include <string>
#include <string_view>

namespace faultline {

// `title` is text, `root` the way back to the report's folder ("../../"), `body` markup.
[[nodiscard]] std::string page(std::string_view title, std::string_view root,
                               std::string_view body);

// The content of style.css.
[[nodiscard]] std::string_view stylesheet();

}  // namespace faultline
