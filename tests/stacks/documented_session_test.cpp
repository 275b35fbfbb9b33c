// The worked session of docs/driver-protocol.md, replayed: what it shows is what the driver says.
#include <fstream>

#include "tests/stacks/linux_driver.hpp"

namespace faultline {
namespace {

using nlohmann::json;

// What differs from run to run is left out of the comparison; the names of the members stay.
json comparable(json said) {
  const auto blank = [](json& object) {
    for (const char* name :
         {"began", "ended", "pid", "version", "local_port", "peer_port", "value"}) {
      if (object.contains(name)) object[name] = 0;
    }
  };
  blank(said);
  if (said.contains("result")) blank(said["result"]);
  return said;
}

TEST_F(LinuxDriverTest, DoesWhatTheDocumentedSessionShows) {
  std::ifstream page(std::string(FAULTLINE_SOURCE_DIR) + "/docs/driver-protocol.md");
  int requests = 0, answers = 0;
  json said = hello;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("    > ")) {
      ++requests;
      std::string text = line.substr(6);
      json request = json::parse(text, nullptr, false);
      if (request.is_object() && request.contains("port")) {
        request["port"] = port;  // the page's own may be taken
        text = request.dump();
      }
      write(text + "\n");
    } else if (line.starts_with("    < ")) {
      ++answers;
      if (said.is_null()) said = next();
      if (said.contains("result") && said["result"].contains("local_port") && port == 0) {
        port = said["result"]["local_port"];
      }
      EXPECT_EQ(comparable(said), comparable(json::parse(line.substr(6))));
      said = nullptr;
    }
  }
  EXPECT_EQ(requests, 13);
  EXPECT_EQ(answers, 17);
  EXPECT_TRUE(next().is_null());
}

}  // namespace
}  // namespace faultline
