// `faultline tune` as Markdown and as HTML.
#include <pugixml.hpp>

#include "reports/tune_formats.hpp"
#include "reports/tune_html.hpp"
#include "reports/tune_markdown.hpp"
#include "tests/reports/tune_samples.hpp"

namespace faultline {
namespace {

TEST(TuneMarkdown, ATableWithAColumnForEachKernel) {
  const std::string text = tune_markdown(measured_sample());
  EXPECT_TRUE(text.contains(
      "| behaviour | uml-6.12: by default | uml-6.12: predicted | uml-6.12: measured | uml-6.1: by "
      "default | uml-6.1: predicted | uml-6.1: measured | means "
      "|\n|---|---|---|---|---|---|---|---|"))
      << text;
  EXPECT_TRUE(text.contains("| connect | 133 to 135 s | 19.3 to 19.6 s | 19.392s, as predicted |"))
      << text;
  EXPECT_TRUE(text.contains("\n- **BROKEN:** connect \\<= 16s does not hold")) << text;
  EXPECT_TRUE(tune_markdown(predicted_sample())
                  .contains("| behaviour | by default | predicted | "
                            "means |\n|---|---|---|---|\n"));
}

TEST(TuneMarkdown, FilesAreTextAndNoMarkup) {
  const std::string text = tune_markdown(hostile_sample());
  EXPECT_FALSE(text.contains("<b>")) << text;
  EXPECT_FALSE(text.contains("[x](y)")) << text;
  EXPECT_FALSE(text.contains('\x1b')) << text;
  // No cell of the table is ended by what a file says.
  for (size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 1))
    if (at > 0 && text[at - 1] == '"') ADD_FAILURE() << text.substr(at - 1, 40);
}

// Our page is XML as well; what it says is read by another's parser.
pugi::xml_document page(const TuneReport& report) {
  pugi::xml_document document;
  std::string html = tune_html(report);
  html.erase(0, html.find("<html"));
  for (const char* empty :
       {"<meta charset=\"utf-8\">", "<meta name=\"viewport\" content=\"width=device-width\">"})
    html.erase(html.find(empty), std::string(empty).size());
  for (size_t at = html.find("<br>"); at != std::string::npos; at = html.find("<br>", at))
    html.replace(at, 4, "<br/>");
  const auto parsed = document.load_string(html.c_str());
  EXPECT_TRUE(parsed) << parsed.description() << "\n" << html;
  return document;
}

TEST(TuneHtml, IsWholeAndHasItAll) {
  const auto document = page(measured_sample());
  EXPECT_EQ(document.select_nodes("//table/tr").size(), 3);
  EXPECT_EQ(document.select_nodes("//tr[1]/th").size(), 4);
  EXPECT_STREQ(document.select_node("//tr[2]/td[2]/span[@class='good']").node().text().get(),
               "19.392s, as predicted");
  EXPECT_EQ(document.select_nodes("//li[@class='bad']").size(), 1);
  EXPECT_FALSE(document.select_nodes("//pre").empty());
}

TEST(TuneHtml, FilesAreTextAndNoMarkup) {
  const auto document = page(hostile_sample());
  EXPECT_TRUE(document.select_nodes("//b").empty());
  EXPECT_TRUE(std::string(document.select_node("//h1").node().text().get()).contains("<b>&\"|"));
  const std::string html = tune_html(hostile_sample());
  for (const char* part : {"<script", "http:", "https:", "src=", "\x1b"})
    EXPECT_FALSE(html.contains(part)) << part;
}

TEST(TuneFormats, EachWritesSomething) {
  std::vector<std::string_view> names;
  for (const TuneFormat& format : tune_formats()) {
    names.push_back(format.name);
    EXPECT_FALSE(format.write(predicted_sample()).empty()) << format.name;
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"text", "json", "markdown", "html"}));
}

}  // namespace
}  // namespace faultline
