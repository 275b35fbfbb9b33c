// What holds in every run, whatever its case is about.
#include "tests/judge/scene.hpp"

namespace faultline::test {
namespace {

constexpr End client = End::client, server = End::server;

// A connection with windows of 1000 bytes, open since 3 ms.
Scene open_connection(std::optional<uint8_t> client_scale = {},
                      std::optional<uint8_t> server_scale = {}) {
  Scene scene(connect_step + "[expect]\nnever = [{ flags = \"URG\" }]\n");
  scene.call("dial", 0s, 1ms)
      .segment({.at = 1ms, .flags = "SYN", .scale = client_scale})
      .segment({.at = 2ms, .from = server, .flags = "SYN ACK", .ack = 1, .scale = server_scale})
      .segment({.at = 3ms, .seq = 1, .ack = 1});
  return scene;
}

// "" where all is well, else what the invariant says.
std::string broken(Scene scene, const std::string& what) {
  for (const Finding& finding : scene.judged().findings)
    if (finding.status == Status::broken) {
      EXPECT_NE(finding.what.find("invariant: " + what), std::string::npos) << finding.what;
      return finding.got;
    }
  return "";
}

TEST(Invariants, HoldInAnHonestRun) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 1000})
      .segment({.at = 5ms, .from = server, .seq = 1, .ack = 1001})
      .segment({.at = 6ms, .from = server, .flags = "FIN ACK", .seq = 1, .ack = 1001})
      .segment({.at = 7ms, .seq = 1001, .ack = 2});
  EXPECT_EQ(scene.judged().outcome, Outcome::PASS);
}

TEST(Invariants, NoAcknowledgementBeyondWhatWasSent) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 100})
      .segment({.at = 5ms, .from = server, .seq = 1, .ack = 101});
  EXPECT_EQ(broken(scene, "no acknowledgement beyond"), "");
  scene.segment({.at = 6ms, .from = server, .seq = 1, .ack = 103});
  EXPECT_EQ(broken(scene, "no acknowledgement beyond"), "2 bytes beyond");
}

TEST(Invariants, NoAcknowledgementOfAnEndThatSentNothing) {
  Scene scene(connect_step + "[expect]\nnever = [{ flags = \"URG\" }]\n");
  scene.call("dial", 0s, 1ms).segment({.at = 1ms, .flags = "ACK", .ack = 1});
  EXPECT_EQ(broken(scene, "no acknowledgement beyond"), "of an end that had sent nothing");
}

TEST(Invariants, AcknowledgementsNeverGoBack) {
  const auto back_after = [](Nanos time) {
    Scene scene = open_connection();
    scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 100})
        .segment({.at = 5ms, .from = server, .seq = 1, .ack = 101})
        .segment({.at = 5ms + time, .from = server, .seq = 1, .ack = 91});
    return broken(scene, "acknowledgements never go back");
  };
  EXPECT_EQ(back_after(2ms), "10 bytes back");
  EXPECT_EQ(back_after(1ms), "") << "two processors may queue them in the other order";
}

TEST(Invariants, AResetMayAcknowledgeWhatItLikes) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .from = server, .flags = "RST ACK", .seq = 1, .ack = 5000});
  EXPECT_EQ(broken(scene, ""), "");
}

TEST(Invariants, ThePeersWindowIsRespected) {
  const auto sends = [](uint32_t bytes) {
    Scene scene = open_connection();
    scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = bytes});
    return broken(scene, "the peer's window");
  };
  EXPECT_EQ(sends(1000), "");
  EXPECT_EQ(sends(1001), "1 bytes beyond it");
}

TEST(Invariants, AWindowIsScaledWhereBothOfferedIt) {
  const auto sends = [](std::optional<uint8_t> mine, uint32_t bytes) {
    Scene scene = open_connection(mine, 3);
    scene.segment({.at = 4ms, .from = server, .seq = 1, .ack = 1})
        .segment({.at = 5ms, .seq = 1, .ack = 1, .payload = bytes});
    return broken(scene, "the peer's window");
  };
  EXPECT_EQ(sends(2, 8000), "");
  EXPECT_EQ(sends(2, 8001), "1 bytes beyond it");
  EXPECT_EQ(sends({}, 1000), "");
  EXPECT_EQ(sends({}, 1001), "1 bytes beyond it");
}

TEST(Invariants, AWindowThatWasLostOrIsStillHeldWasNotOffered) {
  const auto sends = [](const std::string& fate, std::optional<Nanos> released) {
    Scene scene = open_connection();
    scene.segment({.at = 4ms, .from = server, .seq = 1, .ack = 1, .fate = fate, .window = 3000});
    if (released) scene.released(4, *released);
    scene.segment({.at = 10ms, .seq = 1, .ack = 1, .payload = 3000});
    return broken(scene, "the peer's window");
  };
  EXPECT_EQ(sends("pass", {}), "");
  EXPECT_EQ(sends("drop", {}), "2000 bytes beyond it");
  EXPECT_EQ(sends("hold", 9ms), "");
  EXPECT_EQ(sends("hold", 11ms), "2000 bytes beyond it");
}

TEST(Invariants, AProbeOfAClosedWindowIsAllowed) {
  const auto sends = [](uint32_t bytes) {
    Scene scene = open_connection();
    scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 1000})
        .segment({.at = 5ms, .from = server, .seq = 1, .ack = 1001, .window = 0})
        .segment({.at = 6ms, .seq = 1001, .ack = 1, .payload = bytes});
    return broken(scene, "the peer's window");
  };
  EXPECT_EQ(sends(1), "");
  EXPECT_EQ(sends(2), "2 bytes beyond it");
}

TEST(Invariants, ChecksumsAreRight) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .seq = 1, .ack = 1, .checksum_ok = false});
  EXPECT_EQ(broken(scene, "checksums are right"), "a wrong one");
}

TEST(Invariants, OnlyTransitionsOfTheDiagram) {
  Scene scene = open_connection();
  scene.state(client, SYN_SENT, 1ms).state(client, ESTABLISHED, 3ms);
  EXPECT_EQ(broken(scene, "only transitions"), "");
  scene.state(client, FIN_WAIT_1, 4ms).state(client, ESTABLISHED, 5ms);
  EXPECT_EQ(broken(scene, "only transitions"), "ESTABLISHED was seen after FIN_WAIT_1");
}

// The first gap may be honest; what is said is the one that is not.
TEST(Invariants, AnIllegalTransitionIsNamedBesideAGap) {
  Scene scene = open_connection();
  scene.state(client, SYN_SENT, 1ms)
      .state(client, ESTABLISHED, 3ms)
      .state(client, TIME_WAIT, 4ms)
      .state(client, ESTABLISHED, 5ms)
      .state(client, SYN_SENT, 6ms);
  EXPECT_EQ(broken(scene, "only transitions"), "SYN_SENT was seen after ESTABLISHED");
}

TEST(Invariants, TheStreamReceivedIsTheStreamSent) {
  Scene scene(connect_step + "[[step]]\nname = \"read\"\nclient = \"recv\"\nbytes = 10\n" +
              "[expect]\nnever = [{ flags = \"URG\" }]\n");
  scene.call("dial", 0s, 1ms).call("read", 1s, 1ms, 10);
  EXPECT_EQ(broken(scene, "the stream"), "");
  scene.result().mismatch = 7;
  EXPECT_EQ(broken(scene, "the stream received"), "the byte at offset 7 differs");
}

// What it says of a stream is nobody's fault then; a case that states the stream asks for it.
TEST(Invariants, BytesOfTheWiresOwnAreNoStacksFault) {
  const std::string steps =
      connect_step + "[[step]]\nname = \"read\"\nclient = \"recv\"\nbytes = 10\n";
  const auto judged = [&](const std::string& expect) {
    Scene scene(steps + "[expect]\n" + expect + "\n");
    scene.call("dial", 0s, 1ms)
        .made_by_wire({.at = 2ms, .from = server, .seq = 1, .ack = 1, .payload = 5})
        .call("read", 1s, 1ms, 10);
    scene.result().mismatch = 0;
    return scene.judged().outcome;
  };
  EXPECT_EQ(judged("never = [{ flags = \"URG\" }]"), Outcome::INCONCLUSIVE);
  EXPECT_EQ(judged("stream.client = 10"), Outcome::FAIL);
}

TEST(Invariants, KeepConnectionsApart) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .flags = "SYN", .connection = "two"})
      .segment({.at = 5ms, .seq = 1, .ack = 1, .payload = 1000})
      .segment({.at = 6ms,
                .from = server,
                .flags = "SYN ACK",
                .ack = 1,
                .window = 10,
                .connection = "two"})
      .segment({.at = 7ms, .seq = 1, .ack = 1, .payload = 11, .connection = "two"});
  EXPECT_EQ(broken(scene, "the peer's window"), "1 bytes beyond it");
}

TEST(Invariants, KeepTheAcknowledgementsOfConnectionsApart) {
  Scene scene = open_connection();
  scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 1000})
      .segment({.at = 5ms, .from = server, .seq = 1, .ack = 1001})
      .segment({.at = 6ms, .flags = "SYN", .connection = "two"})
      .segment({.at = 7ms, .from = server, .flags = "SYN ACK", .ack = 1, .connection = "two"});
  EXPECT_EQ(broken(scene, ""), "") << "1 is not back from 1001";
  scene.segment({.at = 8ms, .from = server, .seq = 1, .ack = 1001, .connection = "two"});
  EXPECT_EQ(broken(scene, "no acknowledgement beyond"), "1000 bytes beyond");
}

TEST(Invariants, AWindowIsNeverScaledByMoreThan14) {
  const auto sends = [](uint32_t bytes) {
    Scene scene = open_connection(0, 15);
    scene.segment({.at = 4ms, .from = server, .seq = 1, .ack = 1, .window = 1})
        .segment({.at = 5ms, .seq = 1, .ack = 1, .payload = bytes});
    return broken(scene, "the peer's window");
  };
  EXPECT_EQ(sends(1U << 14), "");
  EXPECT_EQ(sends((1U << 14) + 1), "1 bytes beyond it");
}

TEST(Invariants, OnlyTransitionsOfTheDiagramAtEitherEndOfAnyConnection) {
  for (const End end : both_ends)
    for (const std::string connection : {"main", "two"}) {
      Scene scene = open_connection();
      scene.state(end, ESTABLISHED, 3ms, {}, connection)
          .state(end, FIN_WAIT_1, 4ms, {}, connection)
          .state(end, ESTABLISHED, 5ms, {}, connection);
      const Finding found = scene.finding("invariant: only transitions of the state diagram");
      EXPECT_EQ(found.status, Status::broken);
      EXPECT_EQ(found.owner, end);
    }
}

// One violation of each, by the server.
struct Violation {
  const char* invariant;
  void (*commit)(Scene&);
};
constexpr std::array violations{
    Violation{"no acknowledgement beyond what was sent",
              [](Scene& scene) { scene.segment({.at = 4ms, .from = server, .seq = 1, .ack = 9}); }},
    Violation{"acknowledgements never go back",
              [](Scene& scene) {
                scene.segment({.at = 4ms, .seq = 1, .ack = 1, .payload = 100})
                    .segment({.at = 5ms, .from = server, .seq = 1, .ack = 101})
                    .segment({.at = 9ms, .from = server, .seq = 1, .ack = 1});
              }},
    Violation{"the peer's window is respected",
              [](Scene& scene) {
                scene.segment({.at = 4ms, .from = server, .seq = 1, .ack = 1, .payload = 1001});
              }},
    Violation{"checksums are right",
              [](Scene& scene) {
                scene.segment(
                    {.at = 4ms, .from = server, .seq = 1, .ack = 1, .checksum_ok = false});
              }},
    Violation{"only transitions of the state diagram",
              [](Scene& scene) {
                scene.state(server, SYN_RECV, 2ms)
                    .state(server, ESTABLISHED, 3ms)
                    .state(server, SYN_RECV, 4ms);
              }},
    Violation{"the stream received is the stream sent",
              [](Scene& scene) {
                scene.call("read", 4ms, 1ms, 10);
                scene.result().mismatch = 3;
              }},
};

Scene violated(const Violation& violation) {
  Scene scene(connect_step +
              "[[step]]\nname = \"answer\"\nserver = \"accept\"\n"
              "[[step]]\nname = \"read\"\nserver = \"recv\"\nbytes = 10\n"
              "[expect]\nnever = [{ flags = \"URG\" }]\n");
  scene.call("dial", 0s, 1ms)
      .segment({.at = 1ms, .flags = "SYN"})
      .segment({.at = 2ms, .from = server, .flags = "SYN ACK", .ack = 1})
      .segment({.at = 3ms, .seq = 1, .ack = 1});
  violation.commit(scene);
  return scene;
}

TEST(Invariants, EachIsFoundBrokenByItself) {
  for (const Violation& violation : violations) {
    const CaseResult result = violated(violation).judged();
    size_t found = 0;
    for (const Finding& finding : result.findings)
      if (finding.status == Status::broken) {
        ++found;
        EXPECT_NE(finding.what.find(std::string("invariant: ") + violation.invariant),
                  std::string::npos)
            << finding.what;
      }
    EXPECT_EQ(found, 1) << violation.invariant;
  }
}

TEST(Invariants, AreHeldAgainstTheEndThatBrokeThem) {
  for (const Violation& violation : violations) {
    Scene scene = violated(violation);
    EXPECT_EQ(scene.judged().outcome, Outcome::ERROR) << violation.invariant;
    scene.trace.sut = "server";
    EXPECT_EQ(scene.judged().outcome, Outcome::FAIL) << violation.invariant;
  }
}

TEST(Invariants, AreNotExcusedByAHarnessThatStoodStill) {
  for (const Violation& violation : violations) {
    Scene scene = violated(violation);
    scene.trace.sut = "server";
    scene.stall(10ms, 10s);
    EXPECT_EQ(scene.judged().outcome, Outcome::FAIL) << violation.invariant;
  }
}

}  // namespace
}  // namespace faultline::test
