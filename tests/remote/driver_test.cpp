// The driver that listens, as a client meets it.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "stacks/remote/address.hpp"
#include "stacks/remote/connection.hpp"
#include "tests/remote/two_machines.hpp"
#include "tests/world/worker.hpp"

namespace faultline::test {
namespace {

using nlohmann::json;

const Endpoint driver_there{*address_from_string(there_v4), remote::usual_port};

// A client that says what it likes.
class Client {
 public:
  Client() : socket_(begin_connect(driver_there)) {
    EXPECT_TRUE(is_connected(socket_, milliseconds(5'000)));
  }
  void say(const std::string& text) {
    EXPECT_EQ(send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }
  // The next line as JSON; null where the connection ended.
  json hear() {
    std::string line;
    for (;;) {
      pollfd ready{socket_.get(), POLLIN, 0};
      if (poll(&ready, 1, 20'000) != 1) return "nothing was said";
      char byte = 0;
      if (recv(socket_.get(), &byte, 1, 0) != 1) return {};
      if (byte == '\n') return json::parse(line, nullptr, false);
      line += byte;
    }
  }

 private:
  Fd socket_;
};

// A line of /proc/PID/status; /proc is of the namespace around this one.
std::string status_of(const std::string& folder, const std::string& key) {
  std::ifstream status(folder + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key + ":")) return line.substr(line.find_last_of("\t ") + 1);
  return "none";
}

// Of the process that has this number in here.
std::string process_folder(int pid) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    if (status_of(entry.path(), "NSpid") == std::to_string(pid) &&
        status_of(entry.path(), "Name") == "faultline")
      return entry.path();
  return {};
}

const std::string introduction = json{{"token", good_token}}.dump() + "\n";

TEST(RemoteDriver, TellsWhatNobodySeesFromOutside) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    Client client;
    client.say(introduction);
    const json hello = client.hear();
    EXPECT_EQ(hello["event"], "hello");
    EXPECT_EQ(hello["states"], "query");
    EXPECT_EQ(hello["clock"], "own");
    EXPECT_GT(hello["hz"], 0);
    EXPECT_EQ(hello["sysctl"]["net.ipv4.tcp_congestion_control"], "reno");
    client.say(R"({"id":1,"call":"listen","socket":"l","family":"ipv4","port":20000})"
               "\n");
    EXPECT_EQ(client.hear()["result"]["local_port"], 20'000);
    const Fd peer = begin_connect({*address_from_string(there_v4), 20'000});
    EXPECT_TRUE(is_connected(peer, milliseconds(5'000)));
    const auto own = remote::local_endpoint(peer);
    ASSERT_TRUE(own);
    json ask{{"id", 2},           {"call", "state"},
             {"local_port", 20'000}, {"local_address", there_v4},
             {"peer_address", here_v4}, {"peer_port", own->port}};
    client.say(ask.dump() + "\n");
    EXPECT_EQ(client.hear()["result"]["state"], "ESTABLISHED");
    ask["peer_port"] = own->port == 1 ? 2 : 1;
    client.say(ask.dump() + "\n");
    EXPECT_EQ(client.hear()["result"]["state"], "CLOSED");
    ask["peer_address"] = "nowhere";
    client.say(ask.dump() + "\n");
    EXPECT_EQ(client.hear()["error"], "EINVAL");
  });
}

TEST(RemoteDriver, KeepsNoPrivilege) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    Client client;
    client.say(introduction);
    const std::string process = process_folder(client.hear()["pid"].get<int>());
    ASSERT_NE(process, "");
    for (const char* set : {"CapEff", "CapPrm", "CapInh", "CapAmb"})
      EXPECT_EQ(status_of(process, set), "0000000000000000") << set;
    EXPECT_EQ(status_of(process, "NoNewPrivs"), "1");
  });
}

TEST(RemoteDriver, RefusesWhoeverLacksTheToken) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    const std::string garbage(4'000, 'x');
    for (const std::string& said :
         {std::string("{\"token\":\"a token that is long enougH\"}\n"), std::string("{\"token\":7}\n"),
          std::string("{}\n"), std::string("hello\n"), std::string("\n"), garbage,
          std::string(R"({"id":1,"call":"listen","socket":"l","family":"ipv4","port":20000})"
                      "\n")}) {
      Client client;
      client.say(said);
      const json answer = client.hear();
      if (said != garbage) {  // a close with bytes unread resets: the answer may be lost
        EXPECT_EQ(answer["event"], "error") << said;
        EXPECT_EQ(answer["message"], "the token is not this driver's") << said;
      }
      EXPECT_TRUE(client.hear().is_null());
    }
    Client client;
    client.say(introduction);
    EXPECT_EQ(client.hear()["event"], "hello");
  });
}

TEST(RemoteDriver, ServesOneAtATime) {
  as_worker([] {
    const TwoMachines machines;
    const auto driver = machines.driver(there_v4);
    auto first = std::make_unique<Client>();
    first->say(introduction);
    EXPECT_EQ(first->hear()["event"], "hello");
    Client second;
    second.say(introduction);
    EXPECT_EQ(second.hear()["message"], "another client is being served");
    Client third;
    third.say(introduction);
    first.reset();
    EXPECT_EQ(third.hear()["event"], "hello");
  });
}

}  // namespace
}  // namespace faultline::test
