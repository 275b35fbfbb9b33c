#include "reports/formats.hpp"

#include <gtest/gtest.h>

#include "reports/folder_format.hpp"
#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

TEST(Formats, AreFoundByName) {
  for (const ReportFormat& format : report_formats()) {
    EXPECT_EQ(find_format(format.name), &format);
    EXPECT_TRUE(format.write(sample_info(), one_of_each()).ends_with('\n')) << format.name;
  }
  EXPECT_EQ(find_format("yaml"), nullptr);
}

TEST(FolderFormats, AreFoundByNameAndHaveNamesOfTheirOwn) {
  for (const FolderFormat& format : folder_formats()) {
    EXPECT_EQ(find_folder_format(format.name), &format);
    EXPECT_EQ(find_format(format.name), nullptr);
  }
  EXPECT_EQ(find_folder_format("json"), nullptr);
}

// The same results in the same order give the same bytes, whatever they hold.
TEST(Formats, AreDeterministic) {
  for (const ReportFormat& format : report_formats())
    EXPECT_EQ(format.write(nasty_info(), {nasty_sample()}),
              format.write(nasty_info(), {nasty_sample()}));
}

}  // namespace
}  // namespace faultline
