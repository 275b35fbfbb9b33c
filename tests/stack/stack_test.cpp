#include "tests/stack/stack_folder.hpp"

namespace faultline::test {
namespace {

class StackFile : public StackFolder {};

TEST_F(StackFile, IsReadWhole) {
  const auto stack = read(good_stack);
  ASSERT_TRUE(stack) << to_string(stack.error());
  EXPECT_EQ(stack->name, "toy");
  EXPECT_EQ(stack->title, "A toy");
  EXPECT_EQ(stack->build, (std::vector<std::string>{"{stack}/build", "{out}"}));
  EXPECT_EQ(stack->attach, Attach::tun);
  EXPECT_FALSE(stack->monotonic);
  ASSERT_TRUE(stack->ticks);
  EXPECT_EQ(stack->ticks->late, 500ms);
  EXPECT_EQ(stack->ticks->early, 250ms);
  EXPECT_EQ(stack->states, StateSource::driver);
  EXPECT_EQ(stack->families, std::vector{Family::ipv6});
  EXPECT_EQ(stack->calls, (std::vector<std::string>{"connect", "send"}));
  EXPECT_EQ(stack->options, (std::vector<std::string>{"TCP_NODELAY", "TCP_INFO"}));
  EXPECT_FALSE(stack->has_sysctls);
  EXPECT_EQ(stack->sysctl.at("net.ipv4.tcp_sack"), "0");
  const TimerPromise* promise = stack->promise("connect");
  ASSERT_NE(promise, nullptr);
  EXPECT_EQ(promise->gaps, (std::vector<Nanos>{1s, 2s}));
  EXPECT_EQ(promise->end, 7s);
  EXPECT_EQ(stack->promise("data"), nullptr);
}

TEST_F(StackFile, PlacesAreFilledIn) {
  const auto stack = read(good_stack);
  ASSERT_TRUE(stack) << to_string(stack.error());
  EXPECT_EQ(filled_in(stack->start, {.bin = "/b", .stack = "/s", .out = "/o"}),
            (std::vector<std::string>{"/o/driver", "--bin=/b"}));
  EXPECT_EQ(filled_in(stack->build, {.bin = "/b", .stack = "/s", .out = "/o"}),
            (std::vector<std::string>{"/s/build", "/o"}));
}

TEST_F(StackFile, AGranuleOfTheWheelIsThatOfLinux) {
  const auto stack = read(edited("\"500ms\"", "\"wheel\""));
  ASSERT_TRUE(stack) << to_string(stack.error());
  EXPECT_FALSE(stack->ticks);
}

TEST_F(StackFile, ItsKnownDeviationsAreReadWithIt) {
  const auto stack = read(good_stack,
                          "[[known]]\ncase = \"close/x\"\noutcome = \"FAIL\"\n"
                          "reason = \"no\"\nspec = \"RFC 9293\"\n");
  ASSERT_TRUE(stack) << to_string(stack.error());
  ASSERT_EQ(stack->known.size(), 1);
  EXPECT_EQ(stack->known[0].case_id, "close/x");
  const auto bad = read(good_stack, "[[known]]\n");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().what.find("known.toml:1: an entry needs 'case'"), std::string::npos)
      << bad.error().what;
}

TEST_F(StackFile, ValuesThatAreNoneAreRefusedWhereTheyStand) {
  EXPECT_EQ(refused("\"toy\"", "\"toi\""), "1: it is in the folder 'toy'");
  EXPECT_TRUE(refused("\"tun\"", "\"tunn\"").starts_with("5: ")) << refused("\"tun\"", "\"tunn\"");
  EXPECT_TRUE(refused("\"own\"", "\"sundial\"").starts_with("7: "));
  EXPECT_EQ(refused("\"500ms\"", "\"often\""),
            "8: expected \"wheel\" or a duration like \"500ms\"");
  EXPECT_TRUE(refused("\"250ms\"", "\"soon\"").starts_with("9: "));
  EXPECT_TRUE(refused("\"driver\"", "\"oracle\"").starts_with("11: "));
  EXPECT_EQ(refused("source = \"driver\"", "source = \"sock_diag\""),
            "11: sock_diag tells of the kernel's own sockets only");
  EXPECT_EQ(refused("\"ipv6\"", "\"ipx\""), "13: expected \"ipv4\" and \"ipv6\"");
  EXPECT_EQ(refused("\"send\"]", "\"sent\"]"),
            "14: there is no 'sent' in the driver protocol (did you mean 'send'?)");
  EXPECT_EQ(refused("\"TCP_NODELAY\"", "\"TCP_NODELAI\""),
            "15: there is no 'TCP_NODELAI' in the driver protocol (did you mean 'TCP_NODELAY'?)");
  EXPECT_EQ(refused("tcp_sack = \"0\"", "tcp_sack = 0"), "18: expected a string");
  EXPECT_EQ(refused("timers.connect", "timers.conect"),
            "19: there is no timer model 'conect' (did you mean 'connect'?)");
  EXPECT_TRUE(refused("\"2s\"", "\"two\"").starts_with("20: "));
  EXPECT_EQ(refused("[\"{out}/driver\", \"--bin={bin}\"]", "[]"), "4: it has no command");
}

TEST_F(StackFile, PlaceholdersThatAreNoneAreRefusedWhereTheyStand) {
  EXPECT_EQ(refused("{stack}/build", "{stak}/build"),
            "3: there is no '{stak}' in build, only {stack}, {out} and {env:NAME} (did you mean "
            "'stack'?)");
  EXPECT_EQ(refused("--bin={bin}", "--bin={BIN}"),
            "4: there is no '{BIN}' in start, only {bin}, {stack}, {out} and {env:NAME} (did you "
            "mean 'bin'?)");
  EXPECT_EQ(refused("{stack}/build", "{bin}/build"),
            "3: there is no '{bin}' in build, only {stack}, {out} and {env:NAME}");
  EXPECT_EQ(refused("build  = [\"{stack}/build\", \"{out}\"]\n", ""),
            "3: '{out}' is what 'build' makes, which is missing");
}

TEST_F(StackFile, BracesThatAreNoPlaceholdersAreLeftAlone) {
  const auto stack = read(edited("--bin={bin}", "{} ${HOME} { print } {1} {env:A_1} {bin"));
  EXPECT_TRUE(stack) << to_string(stack.error());
}

TEST_F(StackFile, UnknownKeysAreRefused) {
  EXPECT_TRUE(refused("title", "titel").starts_with("2: ")) << refused("title", "titel");
  EXPECT_TRUE(refused("early ", "late ").starts_with("9: "));
  EXPECT_TRUE(refused("ends", "end").starts_with("21: "));
}

TEST_F(StackFile, WhatIsMissingIsNamed) {
  for (const auto& [line, key] : std::initializer_list<std::pair<const char*, const char*>>{
           {"title  = \"A toy\"\n", "title"},
           {"start  = [\"{out}/driver\", \"--bin={bin}\"]\n", "start"},
           {"attach = \"tun\"\n", "attach"},
           {"stamps  = \"own\"\n", "stamps"},
           {"granule = \"500ms\"\n", "granule"},
           {"early   = \"250ms\"\n", "early"},
           {"source = \"driver\"\n", "source"},
           {"families = [\"ipv6\"]\n", "families"},
           {"calls    = [\"connect\", \"send\"]\n", "calls"},
           {"options  = [\"TCP_NODELAY\", \"TCP_INFO\"]\n", "options"},
           {"sysctls  = false\n", "sysctls"}}) {
    const std::string error = refused(line, "");
    EXPECT_NE(error.find(std::string("'") + key + "' is missing"), error.npos) << error;
  }
}

TEST_F(StackFile, AFolderWithoutAFileIsAnError) {
  const auto stack = read_stack(folder_ / "none");
  ASSERT_FALSE(stack);
  EXPECT_NE(stack.error().what.find("No such file"), std::string::npos) << stack.error().what;
}

TEST_F(StackFile, TheProjectsOwnAreGood) {
  for (const char* name : {"stacks/linux", "stacks/lwip", "stacks/gvisor", "tests/stacks/example",
                           "tests/stacks/bad/sound", "tests/stacks/bad/garbage"}) {
    const auto stack = read_stack(std::filesystem::path(FAULTLINE_SOURCE_DIR) / name);
    EXPECT_TRUE(stack) << to_string(stack.error());
  }
}

}  // namespace
}  // namespace faultline::test
