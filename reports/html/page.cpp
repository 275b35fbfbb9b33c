#include "reports/html/page.hpp"

#include <fmt/format.h>

#include "reports/markup.hpp"

namespace faultline {

std::string page(std::string_view title, std::string_view root, std::string_view body) {
  return fmt::format(
      "<!DOCTYPE html>\n"
      "<html lang=\"en\">\n"
      "<head>\n"
      "<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
      "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
      "<title>{}</title>\n"
      "<link rel=\"stylesheet\" href=\"{}style.css\"/>\n"
      "</head>\n"
      "<body>\n{}</body>\n"
      "</html>\n",
      markup(title), root, body);
}

}  // namespace faultline
