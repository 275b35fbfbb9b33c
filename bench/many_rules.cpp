#include "bench/many_rules.hpp"

#include <fmt/format.h>

#include <array>

#include "harness/tcp/selector_json.hpp"

namespace faultline::bench {

std::vector<EngineRule> many_rules(size_t count) {
  using nlohmann::json;
  std::vector<EngineRule> rules;
  for (size_t i = 0; i < count; ++i) {
    const std::array<json, 5> forms{
        json{{"from", "client"}, {"flags", "SYN"}, {"nth", i + 2}},
        json{{"from", "client"}, {"payload", true}, {"seq", fmt::format("{}+", 4'200'000'000 + i)}},
        json{{"connection", fmt::format("other-{}", i)}, {"payload", true}},
        json{{"from", "server"}, {"has", "FIN"}, {"nth", i + 2}},
        json{{"retransmission", true}, {"payload", "60000+"}, {"nth", i + 2}}};
    const bool hold = i % 3 == 0;
    const json value = hold ? json{{"passed", 1}} : json("300ms");
    rules.push_back({*selector_from(forms[i % forms.size()], ""),
                     *find_injector(hold ? "hold" : "delay")->make(value, "")});
  }
  return rules;
}

}  // namespace faultline::bench
