#include "reports/file_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/reports/samples.hpp"

namespace faultline {
namespace {

CaseResult of(std::string id) {
  return sample(std::move(id), Outcome::PASS);
}

TEST(FileNames, SayTheCaseAndTheVariant) {
  CaseResult one = of("close/four-way");
  EXPECT_EQ(file_names({one}), std::vector<std::string>{"close/four-way.ipv4"});
  one.stack = "lwip";
  one.kernel = "deb:linux/x";
  one.sut = "server";
  one.at_either_end = true;
  one.repetition = 2;
  EXPECT_EQ(file_names({one}),
            std::vector<std::string>{"close/four-way.ipv4.lwip@deb_linux_x.server.2"});
}

TEST(FileNames, AreUniqueAlsoWithoutCapitals) {
  EXPECT_EQ(file_names({of("a/b"), of("A/b"), of("a/b"), of("a/b.ipv4-2"), of("a?b"), of("a*b")}),
            (std::vector<std::string>{"a/b.ipv4", "A/b.ipv4-2", "a/b.ipv4-3", "a/b.ipv4-2.ipv4",
                                      "a_b.ipv4", "a_b.ipv4-2"}));
}

TEST(FileNames, NeverLeadOutOfTheirFolder) {
  EXPECT_EQ(file_names({of("../../etc/passwd"), of("/tmp//x"), of(""), of("-rf/.hidden")}),
            (std::vector<std::string>{"_../_../etc/passwd.ipv4", "tmp/x.ipv4", "_.ipv4",
                                      "_-rf/_.hidden.ipv4"}));
}

TEST(FileNames, AreShortAndPlainWhateverTheIdIs) {
  CaseResult hostile = nasty_sample();
  hostile.case_id += std::string(5000, 'x');
  hostile.stack = std::string(5000, '"');
  for (const std::string& name : file_names({nasty_sample(), hostile})) {
    EXPECT_TRUE(std::ranges::all_of(name, [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
             std::string_view("-_.+@/").contains(c);
    })) << name;
    for (const auto& part : std::filesystem::path(name))
      EXPECT_LE(part.string().size(), 230U) << part;
  }
}

}  // namespace
}  // namespace faultline
