// Which cases mean something to a stack that can little.
#include "harness/stack/applies.hpp"

#include "harness/case/reader.hpp"
#include "tests/case/support.hpp"
#include "tests/stack/stack_folder.hpp"

namespace faultline::test {
namespace {

class Applies : public StackFolder {
 protected:
  // Why the toy cannot stand at an end of a case with this body; "" where it can.
  std::string reason(const std::string& body, End end = End::client,
                     const std::string& level = "must") {
    const auto stack = read(stack_text_);
    EXPECT_TRUE(stack) << to_string(stack.error());
    const auto the_case = read_case("title = \"A case\"\nabout = \"client\"\nlevel = \"" + level +
                                        "\"\nspec  = [\"RFC 9293 3.5\"]\n" + body,
                                    "case.toml", "case", faults());
    EXPECT_TRUE(the_case) << to_string(the_case.error());
    return unsupported_reason(the_case.value(), stack.value(), end);
  }
  std::string stack_text_ = good_stack;
};

constexpr auto connect = "[[step]]\nclient = \"connect\"\nfails = \"ETIMEDOUT\"\n";

TEST_F(Applies, WhatItCan) {
  EXPECT_EQ(reason(connect), "");
  EXPECT_EQ(reason(std::string("[client]\noptions = { TCP_NODELAY = 1 }\n") + connect), "");
  EXPECT_EQ(reason(std::string("[client]\nsysctl = { tcp_sack = 0 }\n") + connect), "");
  EXPECT_EQ(reason("[[step]]\nclient = \"connect\"\ntakes = \"timer:connect\"\n"
                   "fails = \"ETIMEDOUT\"\n"),
            "");
}

TEST_F(Applies, NotWithACallThatItLacks) {
  EXPECT_EQ(reason(std::string(connect) + "[[step]]\nclient = \"close\"\n"),
            "toy has no call close");
  EXPECT_EQ(reason(connect, End::server), "toy cannot listen");
}

TEST_F(Applies, NotWithAnOptionThatItLacks) {
  EXPECT_EQ(reason(std::string("[client]\noptions = { TCP_CORK = 1 }\n") + connect),
            "toy has no option TCP_CORK");
}

TEST_F(Applies, NotWithASysctlThatItIsNotAsIf) {
  EXPECT_EQ(reason(std::string("[client]\nsysctl = { tcp_ecn = 1 }\n") + connect),
            "the case sets the client's tcp_ecn, which toy does not have");
  EXPECT_EQ(reason(std::string("[client]\nsysctl = { tcp_sack = 1 }\n") + connect),
            "the case sets the client's tcp_sack to 1; toy is as with 0");
  EXPECT_EQ(reason(std::string("[server]\nsysctl = { tcp_ecn = 1 }\n") + connect), "")
      << "it stands at the other end";
}

TEST_F(Applies, NotToATimerThatItPromisesNothingOf) {
  EXPECT_EQ(reason(std::string(connect) +
                   "[expect]\ngaps = [{ of = { from = \"client\" }, are = \"timer:data\" }]\n"),
            "toy promises nothing of the timer 'data'");
}

TEST_F(Applies, NotToWhatLinuxDocuments) {
  const std::string literal =
      "[[step]]\nclient = \"connect\"\nfails = \"ETIMEDOUT\"\ntakes = \"7s\"\n";
  EXPECT_EQ(reason(literal, End::client, "documented"),
            "it holds Linux to what Linux documents, and toy is another stack");
  EXPECT_EQ(reason(literal), "");
}

TEST_F(Applies, NotToStatesThatNobodyTells) {
  const std::string looks =
      std::string(connect) + "[expect]\nstates.client = [\"SYN_SENT\", \"ESTABLISHED\"]\n";
  EXPECT_EQ(reason(looks), "");
  stack_text_ = edited("source = \"driver\"", "source = \"none\"");
  EXPECT_EQ(reason(looks), "nobody tells the states of toy");
}

}  // namespace
}  // namespace faultline::test
