#include "bench/timer_grid.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>

namespace faultline::bench {
namespace {

// Each "a|b|c" stands for as many points.
struct Sweep {
  const char* model;
  const char* changes;
  const char* measured_by = nullptr;
};

constexpr Sweep sweeps[] = {
    {"connect", "tcp_syn_retries=1|2|3|4|5|6|8 tcp_syn_linear_timeouts=0|4"},
    {"connect", "tcp_syn_retries=3 tcp_syn_linear_timeouts=1|8|20"},
    {"connect", "tcp_syn_retries=2|4 wait=37ms|777ms|1s"},
    {"connect", "TCP_SYNCNT=1|3"},
    {"connect", "TCP_USER_TIMEOUT=100|2500|30000|300000"},
    {"connect", "tcp_syn_retries=4 tcp_rto_max_ms=1000|5000"},
    {"simultaneous-open", "tcp_syn_retries=1|2|4|6"},
    {"simultaneous-open", "tcp_syn_retries=2 wait=37ms|777ms"},
    {"simultaneous-open", "TCP_SYNCNT=2"},
    {"simultaneous-open", "TCP_USER_TIMEOUT=2500"},
    {"synack", "tcp_synack_retries=0|1|2|3|5|8"},
    {"synack", "tcp_synack_retries=2 wait=37ms|777ms|1s"},
    {"synack", "TCP_SYNCNT=2|4"},
    {"synack", "tcp_synack_retries=4 tcp_rto_max_ms=1000|5000"},
    {"synack-lost", "tcp_synack_retries=2|3|5 peer:tcp_syn_retries=1|2|4"},
    {"synack-lost", "tcp_synack_retries=3 peer:tcp_syn_retries=2 peer:tcp_syn_linear_timeouts=0|2"},
    {"synack-fast-open", "tcp_synack_retries=0|1|2|5"},
    {"defer-accept", "TCP_DEFER_ACCEPT=1|2|3|10|30|100|200"},
    {"defer-accept", "TCP_DEFER_ACCEPT=3 tcp_synack_retries=0|1 wait=37ms|777ms"},
    {"syncookie", "tcp_syncookies=2"},
    {"data", "tcp_retries2=0|1|2|3|4|5|6|7|8|9|10|15"},
    {"data", "tcp_retries2=3|6 wait=37ms|777ms|1s"},
    {"data", "tcp_retries2=5 tcp_early_retrans=0|1|4"},
    {"data", "tcp_retries2=3|5 tcp_sack=0"},
    {"data", "tcp_retries2=5|8 tcp_thin_linear_timeouts=1"},
    {"data", "tcp_retries2=3|8 TCP_USER_TIMEOUT=1|500|5000|60000"},
    {"data", "tcp_retries2=5 tcp_rto_min_us=5000|20000|50000|400000|1000000"},
    {"data", "tcp_retries2=5|15 tcp_rto_max_ms=1000|5000|30000"},
    {"data", "tcp_retries2=4 delay=20ms|50ms|200ms"},
    {"tail-loss-probe", "tcp_early_retrans=0|3|4"},
    {"tail-loss-probe", "tcp_sack=0|1 wait=37ms|777ms"},
    {"tail-loss-probe", "tcp_rto_min_us=5000|20000|50000|400000"},
    {"tail-loss-probe", "delay=20ms|50ms|200ms"},
    {"delayed-ack", "wait=0ms|37ms|777ms|1s"},
    {"delayed-ack", "tcp_rto_min_us=5000|20000|42000|60000|400000"},
    {"delayed-ack", "own-delay=20ms|100ms|300ms"},
    {"zero-window", "tcp_retries2=1|2|3|15"},
    {"zero-window", "tcp_rto_min_us=20000|400000"},
    {"zero-window", "delay=20ms|100ms wait=37ms"},
    {"zero-window", "TCP_USER_TIMEOUT=100|1000|5000|8000|30000", "zero-window-user-timeout"},
    {"zero-window", "TCP_USER_TIMEOUT=3000 wait=37ms|777ms", "zero-window-user-timeout"},
    {"zero-window-dead", "tcp_retries2=0|1|2|3|5|8|10|15"},
    {"zero-window-dead", "tcp_retries2=3 wait=37ms|777ms"},
    {"zero-window-dead", "tcp_retries2=5 TCP_USER_TIMEOUT=1000|20000"},
    {"zero-window-dead", "tcp_retries2=5 tcp_rto_min_us=20000|400000"},
    {"zero-window-dead", "tcp_retries2=6 tcp_rto_max_ms=1000|5000"},
    {"zero-window-orphan", "tcp_orphan_retries=0|1|3|12"},
    {"zero-window-orphan", "tcp_rto_max_ms=1000|5000"},
    {"zero-window-orphan", "TCP_USER_TIMEOUT=5000"},
    {"zero-window-orphan-dead", "tcp_orphan_retries=0|1|2|3|5"},
    {"zero-window-orphan-dead", "tcp_rto_max_ms=1000|5000"},
    {"shrunk-window", "tcp_retries2=3|15"},
    {"shrunk-window", "TCP_USER_TIMEOUT=100|2000|5000|300000"},
    {"shrunk-window", "tcp_rto_max_ms=1000|5000"},
    {"shrunk-window", "tcp_thin_linear_timeouts=1 TCP_USER_TIMEOUT=3000"},
    {"fin-held", "tcp_retries2=0|1|2|3|4|5|8|15"},
    {"fin-held", "tcp_retries2=8 TCP_USER_TIMEOUT=500|5000"},
    {"fin-held", "tcp_retries2=2|5", "fin-held-last-ack"},
    {"fin-held", "TCP_USER_TIMEOUT=3000", "fin-held-last-ack"},
    {"fin-orphan", "tcp_orphan_retries=0|1|2|3|4|5|6|8|10"},
    {"fin-orphan", "tcp_orphan_retries=2 tcp_early_retrans=0"},
    {"fin-orphan", "tcp_orphan_retries=2|4 wait=37ms|777ms"},
    {"fin-orphan", "TCP_USER_TIMEOUT=500|5000"},
    {"fin-orphan", "tcp_orphan_retries=0|5 tcp_rto_max_ms=1000|5000"},
    {"fin-wait-2", "tcp_fin_timeout=0|1|5|30|59|60|61|62|63|70|90|119|120|300"},
    {"fin-wait-2", "TCP_LINGER2=1|60|61|62|120|500"},
    {"fin-wait-2", "tcp_fin_timeout=62 delay=200ms|500ms"},
    {"time-wait", "tcp_fin_timeout=5|90"},
    {"time-wait", "wait=37ms|777ms|1s|3s"},
    {"keepalive", "tcp_keepalive_time=1|5|60 tcp_keepalive_intvl=1|3 tcp_keepalive_probes=1|3|9"},
    {"keepalive", "tcp_keepalive_time=600|7200 tcp_keepalive_intvl=75 tcp_keepalive_probes=9"},
    {"keepalive", "tcp_keepalive_time=5 tcp_keepalive_probes=0"},
    {"keepalive", "TCP_KEEPIDLE=2 TCP_KEEPINTVL=2 TCP_KEEPCNT=4 wait=37ms|777ms"},
    {"keepalive", "TCP_KEEPIDLE=5 TCP_KEEPINTVL=2 TCP_USER_TIMEOUT=1000|6000|7100|12000"},
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<std::string> expanded(std::string_view changes) {
  std::vector<std::string> all{""};
  for (const std::string& word : split(changes, ' ')) {
    const size_t equals = word.find('=');
    std::vector<std::string> longer;
    for (const std::string& beginning : all)
      for (const std::string& value : split(word.substr(equals + 1), '|'))
        longer.push_back(fmt::format("{}{}{}={}", beginning, beginning.empty() ? "" : " ",
                                     word.substr(0, equals), value));
    all = std::move(longer);
  }
  return all;
}

toml::table& table_in(toml::table& table, std::string_view key) {
  if (!table.contains(key)) table.insert(key, toml::table{});
  return *table[key].as_table();
}

toml::array& array_in(toml::table& table, std::string_view key) {
  if (!table.contains(key)) table.insert(key, toml::array{});
  return *table[key].as_array();
}

// Where the word changes nothing that a case knows: false.
bool apply(toml::table& the_case, const std::string& key, const std::string& value) {
  const std::string about = the_case["about"].value_or("client");
  const std::string other = about == "client" ? "server" : "client";
  const auto set = [&](const std::string& end, const char* kind, std::string_view name) {
    int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    table_in(table_in(the_case, end), kind).insert_or_assign(name, number);
  };
  if (key.starts_with("peer:"))
    set(other, "sysctl", key.substr(5));
  else if (key.starts_with("tcp_"))
    set(about, "sysctl", key);
  else if (key.starts_with("TCP_") || key.starts_with("SO_"))
    set(about, "options", key);
  else if (key == "wait")
    array_in(the_case, "step")
        .insert(array_in(the_case, "step").begin(), toml::table{{"wait", value}});
  else if (key == "delay" || key == "own-delay")
    array_in(the_case, "rule")
        .push_back(toml::table{{"match", toml::table{{"from", key == "delay" ? other : about}}},
                               {"delay", value},
                               {"optional", true}});
  else
    return false;
  return true;
}

// Settings decide how long things take, not the case.
void wait_long_enough(toml::table& the_case) {
  for (toml::node& step : array_in(the_case, "step"))
    if (step.as_table()->contains("within")) step.as_table()->insert_or_assign("within", "3h");
}

}  // namespace

std::vector<GridPoint> timer_grid() {
  std::vector<GridPoint> points;
  for (const Sweep& sweep : sweeps)
    for (std::string& changes : expanded(sweep.changes))
      points.push_back({.model = sweep.model,
                        .measured_by = sweep.measured_by ? sweep.measured_by : sweep.model,
                        .changes = std::move(changes)});
  return points;
}

Result<std::string> case_text(const GridPoint& point, std::string_view measuring_case) {
  toml::table the_case;
  try {
    the_case = toml::parse(measuring_case);
  } catch (const toml::parse_error& error) {
    return fail("{}.toml: {}", point.measured_by, error.description());
  }
  for (const std::string& word : split(point.changes, ' ')) {
    const size_t equals = word.find('=');
    if (!apply(the_case, word.substr(0, equals), word.substr(equals + 1)))
      return fail("'{}' is no change of a case", word);
  }
  wait_long_enough(the_case);
  std::ostringstream text;
  text << the_case << '\n';
  return text.str();
}

}  // namespace faultline::bench
