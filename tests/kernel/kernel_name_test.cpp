#include "harness/kernel/kernel_name.hpp"

#include <gtest/gtest.h>

namespace faultline {
namespace {

using Kind = KernelName::Kind;

std::string why_not(std::string_view text) {
  const auto name = parse_kernel_name(text);
  return name ? "good" : name.error().what;
}

TEST(KernelName, IsOneOfFourKinds) {
  EXPECT_EQ(parse_kernel_name("host"), KernelName{});
  EXPECT_EQ(parse_kernel_name("uml-6.12"), (KernelName{.kind = Kind::uml, .source = "6.12"}));
  EXPECT_EQ(parse_kernel_name("uml-6.1@1000"),
            (KernelName{.kind = Kind::uml, .source = "6.1", .hz = 1000}));
  EXPECT_EQ(parse_kernel_name("deb:linux-image-6.1*-cloud-amd64"),
            (KernelName{.kind = Kind::package, .package = "linux-image-6.1*-cloud-amd64"}));
  EXPECT_EQ(parse_kernel_name("./linux"), (KernelName{.kind = Kind::file, .path = "./linux"}));
  EXPECT_EQ(parse_kernel_name("uml-6.12/linux")->kind, Kind::file);
}

TEST(KernelName, IsWrittenInItsShortestForm) {
  for (const char* text : {"host", "uml-6.12", "uml-6.1@100", "deb:linux-image-amd64", "/boot/x"})
    EXPECT_EQ(to_string(*parse_kernel_name(text)), text);
  EXPECT_EQ(to_string(*parse_kernel_name("uml-6.12@250")), "uml-6.12");
}

TEST(KernelName, ThatIsUnknownIsAnsweredWithThoseThereAre) {
  EXPECT_EQ(
      why_not("hots"),
      "unknown kernel 'hots' (did you mean 'host'?); there are host, uml-6.12, uml-6.1 (uml-… "
      "also with an HZ, uml-6.12@1000), deb:PACKAGE, and the path of a kernel's file, with a "
      "'/' in it");
  EXPECT_NE(why_not("uml-6.13").find("did you mean 'uml-6.12'?"), std::string::npos);
  for (const char* text : {"", "uml-", "uml", "UML-6.12", "6.12", "vmlinuz", "host@250"})
    EXPECT_NE(why_not(text).find("; there are host, "), std::string::npos) << text;
}

TEST(KernelName, HasAnHzThatLinuxOffers) {
  EXPECT_EQ(why_not("uml-6.12@200"),
            "kernel 'uml-6.12@200': '200' is no HZ; there are 100, 250, "
            "300, 1000");
  for (const char* text : {"uml-6.12@", "uml-6.12@-100", "uml-6.12@1000x", "uml-6.12@1e3",
                           "uml-6.12@99999999999999999999", "uml-6.12@100@100"})
    EXPECT_NE(why_not(text).find("is no HZ"), std::string::npos) << text;
}

// A package's name goes to apt.
TEST(KernelName, OfAPackageIsNothingElse) {
  EXPECT_EQ(why_not("deb:"),
            "kernel 'deb:': expected a package's name or a glob, "
            "deb:linux-image-6.1*-amd64");
  for (const char* text : {"deb:-o", "deb:a b", "deb:../x", "deb:a=1", "deb:a/b", "deb:$(x)"})
    EXPECT_NE(why_not(text).find("expected a package's name"), std::string::npos) << text;
}

}  // namespace
}  // namespace faultline
