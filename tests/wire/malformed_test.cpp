// Packets that no kernel would send, from either end: each is decided about and forwarded as it is.
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <ranges>

#include "harness/world/netns.hpp"
#include "tests/injectors/packets.hpp"
#include "tests/wire/wire_scene.hpp"
#include "tests/world/sockets.hpp"
#include "tests/world/worker.hpp"

namespace faultline {
namespace {

using namespace test;
using testing::Bytes, testing::from_hex, testing::make_packet, testing::PacketSpec, testing::put16;

// A packet socket at an end's interface: what it sends and what it gets are IP packets as they are.
class RawEnd {
 public:
  RawEnd(const World& world, End end, int version) : from_(end) {
    address_.sll_family = AF_PACKET;
    address_.sll_protocol = htons(version == 4 ? ETH_P_IP : ETH_P_IPV6);
    address_.sll_halen = 6;
    std::ranges::copy(world.port(end).source, address_.sll_addr);
    auto opened = in_namespace(world.netns(end), [&]() -> Result<Fd> {
      Fd fd(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address_.sll_protocol));
      address_.sll_ifindex = static_cast<int>(if_nametoindex("eth0"));
      return fd;
    });
    socket_ = std::move(*opened);
  }
  void send(const Bytes& packet) const {
    EXPECT_EQ(sendto(socket_.get(), packet.data(), packet.size(), 0,
                     reinterpret_cast<const sockaddr*>(&address_), sizeof address_),
              static_cast<ssize_t>(packet.size()));
  }
  // What arrives next, empty where nothing is there. Its own packets, which it also sees, are not.
  [[nodiscard]] Bytes receive() const {
    Bytes packet(2000);
    sockaddr_ll from{};
    for (;;) {
      socklen_t size = sizeof from;
      const ssize_t got = recvfrom(socket_.get(), packet.data(), packet.size(), 0,
                                   reinterpret_cast<sockaddr*>(&from), &size);
      if (got < 0) return {};
      if (from.sll_pkttype == PACKET_OUTGOING) continue;
      packet.resize(static_cast<size_t>(got));
      return packet;
    }
  }
  [[nodiscard]] End end() const { return from_; }

 private:
  End from_;
  sockaddr_ll address_{};
  Fd socket_;
};

struct Malformed {
  std::string what;  // as the trace calls it; "" for what is a segment after all
  Bytes packet;
};

PacketSpec from(End end, int version) {
  return {.version = version,
          .source = World::address(end, version),
          .destination = World::address(other(end), version),
          .flags = Flags::ack};
}

// The IPv4 packet with another part after its header of 20 bytes.
Bytes with_body(const PacketSpec& spec, size_t length, size_t fragment = 0, uint8_t protocol = 6) {
  Bytes packet = make_packet(spec);
  packet.resize(20 + length);
  put16(packet, 2, packet.size());
  put16(packet, 6, fragment);
  packet[9] = std::byte{protocol};
  put16(packet, 10, 0);
  put16(packet, 10, testing::checksum(Bytes(packet.begin(), packet.begin() + 20)));
  return packet;
}
Bytes with_byte(Bytes packet, size_t at, uint8_t value) {
  packet[at] = std::byte{value};
  return packet;
}

std::vector<Malformed> ipv4(End end) {
  const PacketSpec plain = from(end, 4);
  PacketSpec options = plain, payload = plain;
  options.ip_options = from_hex("01010101 94040000");  // four no-operations, router alert
  payload.payload = 100;
  const std::string short_header = "a TCP header that is cut short";
  const std::string offset = "a TCP data offset outside of the packet";
  return {{short_header, with_body(plain, 0)},
          {short_header, with_body(plain, 1)},
          {short_header, with_body(plain, 19)},
          {offset, with_byte(make_packet(plain), 32, 0xf0)},
          {offset, with_byte(make_packet(plain), 32, 0x40)},
          {offset, with_byte(make_packet(plain), 32, 0x00)},
          {"", make_packet(options)},
          {"", with_byte(make_packet(payload), 36, 0xaa)},  // a wrong checksum
          {"a fragment", with_body(payload, 64, 0x2000)},
          {"a fragment", with_body(payload, 8, 0x0008)},
          {"not TCP", with_body(plain, 0, 0, 253)},
          {"not TCP", with_body(plain, 20, 0, 17)}};
}

std::vector<Malformed> ipv6(End end) {
  const PacketSpec plain = from(end, 6);
  const auto with = [&](uint8_t next, const char* extensions) {
    PacketSpec spec = plain;
    spec.next_header = next;
    spec.extensions = from_hex(extensions);
    return make_packet(spec);
  };
  Bytes empty = make_packet(plain);
  empty.resize(40);
  put16(empty, 4, 0);
  return {{"", with(0, "0600010400000000")},                    // hop by hop, padding
          {"", with(60, "3c00010400000000 0600010400000000")},  // destination options, twice
          {"", with(44, "0600000000000001")},                   // an atomic fragment
          {"a fragment", with(44, "0600000100000002")},         // the first of several
          {"a fragment", with(44, "0600010800000003")},         // a later one
          {"not TCP", with(59, "")},                            // no next header
          {"an IP header that is cut short", with(60, "06ff010400000000")},
          {"a TCP data offset outside of the packet", with_byte(make_packet(plain), 52, 0xf0)},
          {"a TCP header that is cut short", empty}};
}

// The wire's namespace is a router: it counts the hops down, and mends the IPv4 header's checksum.
Bytes without_hops(Bytes packet, int version) {
  packet[version == 4 ? 8 : 7] = std::byte{0};
  if (version == 4) put16(packet, 10, 0);
  return packet;
}

std::optional<End> sender_of(const Event& event) {
  if (const auto* odd = std::get_if<OddPacketEvent>(&event)) return odd->from;
  if (const auto* segment = std::get_if<SegmentEvent>(&event)) return segment->facts.from;
  return {};
}

void expect_forwarded(WireScene& scene, const RawEnd& sender, const RawEnd& receiver,
                      const Malformed& one, int version) {
  const size_t before = scene.events().size();
  sender.send(one.packet);
  Bytes arrived;
  const Bytes wanted = without_hops(one.packet, version);
  EXPECT_TRUE(scene.run_until([&] {
    do arrived = receiver.receive();
    while (!arrived.empty() && without_hops(arrived, version) != wanted);
    return !arrived.empty();
  })) << "not forwarded from the "
      << to_string(sender.end()) << ": " << one.what;
  // The receiving kernel may answer, but the sender's end sent only this.
  const auto event = std::ranges::find_if(
      scene.events().begin() + static_cast<ptrdiff_t>(before), scene.events().end(),
      [&](const Event& e) { return sender_of(e) == sender.end(); });
  ASSERT_NE(event, scene.events().end());
  if (const auto* odd = std::get_if<OddPacketEvent>(&*event)) {
    EXPECT_EQ(odd->what, one.what);
    EXPECT_TRUE(
        std::ranges::equal(odd->head | std::views::take(7), one.packet | std::views::take(7)));
  } else {
    EXPECT_EQ(one.what, "");
  }
  scene.run_for(2ms);  // answers
}

class MalformedTest : public ::testing::TestWithParam<int> {};

TEST_P(MalformedTest, IsForwardedAsItIs) {
  const int version = GetParam();
  as_worker([=] {
    std::vector<EngineRule> rules;
    rules.push_back(rule({{"has", "FIN"}}, "drop", "all"));
    WireScene scene(std::move(rules));
    const RawEnd client(scene.world(), End::client, version);
    const RawEnd server(scene.world(), End::server, version);
    for (const End end : both_ends)
      for (const Malformed& one : version == 4 ? ipv4(end) : ipv6(end))
        expect_forwarded(scene, end == End::client ? client : server,
                         end == End::client ? server : client, one, version);
    // And after all this a real connection is as good as ever.
    const Fd listener = listen_at_server(scene.world(), version);
    const Fd talker = socket_at(scene.world(), End::client, version, SOCK_STREAM | SOCK_NONBLOCK);
    start_connect(talker, server_endpoint(version));
    EXPECT_TRUE(scene.run_until([&] { return becomes(listener, POLLIN, 0s); }));
    EXPECT_TRUE(scene.all<TroubleEvent>().empty());
  });
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, MalformedTest, ::testing::Values(4, 6),
                         [](const auto& family) { return "ipv" + std::to_string(family.param); });

}  // namespace
}  // namespace faultline
