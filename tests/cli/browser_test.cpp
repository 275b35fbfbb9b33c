// The HTML report of a run, in a browser that others wrote: Chromium, without a window.
#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

namespace fs = std::filesystem;

class Browser : public Installation {
 protected:
  void report() {
    edit_case("refused", "broken", "is = 1", "is = 3");
    const Ran ran = faultline({"run", "broken", "--ipv4", "--report", "html=pages"});
    ASSERT_EQ(ran.code, 1) << ran.err;
  }
};

TEST_F(Browser, ARunLeavesItsPages) {
  report();
  EXPECT_TRUE(has(read("project/pages/index.html"), "<h1>1 result, 1 to look at</h1>"));
  EXPECT_TRUE(has(read("project/pages/cases/broken.ipv4.html"), "class=\"mark broken\""));
  EXPECT_TRUE(has(read("project/pages/traces/broken.ipv4.json"), "faultline_trace"));
  EXPECT_TRUE(has(read("project/pages/outcome-fail.html"), "broken[ipv4]"));
}

// What the browser made of the page is what was written: nothing was dropped or moved on reading.
TEST_F(Browser, ReadsACasePageAsItIsMeant) {
  const fs::path chromium = "/usr/bin/chromium";
  if (!fs::exists(chromium)) GTEST_SKIP() << "chromium is not installed";
  report();
  const std::string page = root_ / "project/pages/cases/broken.ipv4.html";
  Process browser(
      {chromium, "--headless", "--no-sandbox", "--disable-gpu",
       "--user-data-dir=" + (root_ / "project/chromium").string(), "--dump-dom", "file://" + page},
      {});
  if (browser.wait() != 0) GTEST_SKIP() << "chromium does not start here: " << browser.err;
  for (const char* part : {"<svg class=\"ladder\"", "class=\"mark broken\"", "id=\"finding-1\"",
                           "class=\"wide code\"", "</html>"})
    EXPECT_TRUE(has(browser.out, part)) << part << " is missing in\n" << browser.out;
  EXPECT_EQ(browser.out.find("parsererror"), std::string::npos);
}

}  // namespace
}  // namespace faultline::test
