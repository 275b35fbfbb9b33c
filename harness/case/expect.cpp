// [expect]: what must be true of the run as a whole.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/case/reading.hpp"
#include "harness/tcp/selector_json.hpp"

namespace faultline {
namespace {

using nlohmann::json;
using enum TcpState;

constexpr int64_t most_bytes = int64_t{1} << 40;  // of a stream

// The first state of `states` that cannot follow the one before it.
std::optional<FieldError> impossible(const std::vector<TcpState>& states, const std::string& at) {
  const TcpState first = states.front();
  if (first != CLOSED && first != LISTEN && first != SYN_SENT && first != SYN_RECV)
    return FieldError{
        at + "/0", fmt::format("can never happen: no connection begins in {}", to_string(first))};
  for (size_t i = 1; i < states.size(); ++i)
    if (!is_transition(states[i - 1], states[i]))
      return FieldError{fmt::format("{}/{}", at, i),
                        fmt::format("can never happen: {} does not lead to {}",
                                    to_string(states[i - 1]), to_string(states[i]))};
  return {};
}

// Takes off the states in which every connection begins.
void drop_beginning(std::vector<TcpState>& states) {
  for (const TcpState beginning : {CLOSED, LISTEN})
    if (!states.empty() && states.front() == beginning) states.erase(states.begin());
}

FieldResult<StatesExpectation> states_expectation(const json& value, const std::string& at) {
  StatesExpectation result;
  if (value.is_array()) {
    auto states = states_from(value, at);
    if (!states) return std::unexpected(states.error());
    if (auto error = impossible(*states, at)) return std::unexpected(*error);
    result.states = std::move(*states);
  } else if (value.is_object()) {
    Fields fields(value, at);
    if (const auto* list = fields.array("contains"))
      if (auto states = fields.take(states_from(*list, fields.pointer("contains"))))
        result.states = std::move(*states);
    if (auto error = finish(fields, {"contains"})) return std::unexpected(*error);
    result.exactly = false;
  } else {
    return refuse(at, fmt::format("expected a list of states or {{ contains = [...] }}, got {}",
                                  kind_of(value)));
  }
  drop_beginning(result.states);
  if (!result.exactly && result.states.empty())
    return refuse(at, "says nothing: every connection begins in CLOSED or LISTEN");
  return result;
}

FieldResult<FinalExpectation> final_expectation(const json& value, const std::string& at) {
  if (value.is_array()) return refuse(at, "an end has one final state: name one state");
  const auto states = states_from(value, at);
  if (!states) return std::unexpected(states.error());
  return FinalExpectation{.state = states->front()};
}

FieldResult<StreamExpectation> stream_expectation(const json& value, const std::string& at) {
  if (!value.is_number_integer())
    return refuse(at, fmt::format("expected a number of bytes, got {}", kind_of(value)));
  const auto bytes = value.get<int64_t>();
  if (bytes < 0 || bytes > most_bytes)
    return refuse(at, fmt::format("{} is out of range: it can be 0 to {}", bytes, most_bytes));
  return StreamExpectation{.bytes = static_cast<uint64_t>(bytes)};
}

// Why a model says nothing of segments, or "".
std::string without_segments(const std::string& timer) {
  if (timer != "fin-wait-2" && timer != "time-wait") return {};
  return fmt::format("timer:{} is a time in which nothing is sent: it says nothing of segments",
                     timer);
}

FieldResult<GapsExpectation> gaps_from(const json& value, const std::string& at, Reading& reading) {
  GapsExpectation result;
  Fields fields(value, at);
  if (const auto* of = fields.value("of"))
    if (auto selector = fields.take(reading.selector(*of, fields.pointer("of"))))
      result.of = std::move(*selector);
  if (const auto* are = fields.value("are")) {
    const std::string here = fields.pointer("are");
    if (are->is_array()) {
      for (size_t i = 0; i < are->size(); ++i)
        if (auto spec = fields.take(time_spec_from((*are)[i], fmt::format("{}/{}", here, i))))
          result.are.push_back(std::move(*spec));
      if (are->empty()) fields.refuse("are", "the list of gaps is empty");
    } else if (auto timer = fields.take(timer_from(*are, here))) {
      result.timer = timer->value_or("");
      if (auto why = without_segments(result.timer); !why.empty()) fields.refuse("are", why);
      if (!*timer)
        fields.refuse("are", "expected a list of times, one for each gap, or \"timer:NAME\"");
    }
  }
  if (auto error = finish(fields, {"of", "are"})) return std::unexpected(*error);
  return result;
}

FieldResult<Distinct> distinct_from(const json& value, const std::string& at) {
  static constexpr std::array all{Distinct::seq, Distinct::seq_high_byte, Distinct::port};
  std::vector<std::string> names;
  for (const Distinct one : all) names.emplace_back(to_string(one));
  const auto name = known(value, at, "property of segments", names);
  if (!name) return std::unexpected(name.error());
  return all[static_cast<size_t>(std::ranges::find(names, *name) - names.begin())];
}

FieldResult<CountExpectation> count_from(const json& value, const std::string& at,
                                         Reading& reading) {
  CountExpectation result;
  Fields fields(value, at);
  if (const auto* of = fields.value("of"))
    if (auto selector = fields.take(reading.selector(*of, fields.pointer("of"))))
      result.of = std::move(*selector);
  if (const auto* distinct = fields.value("distinct"))
    result.distinct = fields.take(distinct_from(*distinct, fields.pointer("distinct")));
  if (const auto* is = fields.value("is")) {
    const std::string here = fields.pointer("is");
    const auto timer = fields.take(timer_from(*is, here));
    if (timer && *timer)
      result.timer = **timer;
    else if (timer)
      result.is = fields.take(range_from(*is, here));
  }
  if (auto why = without_segments(result.timer); !why.empty()) fields.refuse("is", why);
  if (auto error = finish(fields, {"of", "is"})) return std::unexpected(*error);
  return result;
}

FieldResult<TimeExpectation> time_from(const json& value, const std::string& at, Reading& reading) {
  TimeExpectation result;
  Fields fields(value, at);
  if (const auto* from = fields.value("from"))
    if (auto moment = fields.take(moment_from(*from, fields.pointer("from"), reading)))
      result.from = std::move(*moment);
  if (const auto* to = fields.value("to"))
    if (auto moment = fields.take(moment_from(*to, fields.pointer("to"), reading)))
      result.to = std::move(*moment);
  if (const auto* is = fields.value("is"))
    if (auto spec = fields.take(time_spec_from(*is, fields.pointer("is"))))
      result.is = std::move(*spec);
  if (auto error = finish(fields, {"from", "to", "is"})) return std::unexpected(*error);
  return result;
}

FieldResult<NeverExpectation> never_from(const json& value, const std::string& at,
                                         Reading& reading) {
  auto segment = reading.selector(value, at);
  if (!segment) return std::unexpected(segment.error());
  return NeverExpectation{std::move(*segment)};
}

// Reads [expect] key by key into one list.
class Expectations {
 public:
  Expectations(const json& value, const std::string& at, Reading& reading)
      : fields_(value, at), reading_(reading) {}

  // A table whose keys are ends; `read` makes the expectation but for its end.
  template <typename T>
  void by_end(const char* key, ConnectionEnd T::*end,
              FieldResult<T> (*read)(const json&, const std::string&)) {
    const auto* table = fields_.table(key);
    if (!table) return;
    if (table->empty()) fields_.refuse(key, fmt::format("'{}' is empty", key));
    for (const auto& [name, value] : table->items()) {
      const std::string at = Fields(*table, fields_.pointer(key)).pointer(name);
      const auto who = fields_.take(connection_end_from(name, at));
      if (!who) return;
      reading_.mention(Mention::Of::connection, who->connection, at, true);
      if (auto expectation = fields_.take(read(value, at))) {
        (*expectation).*end = *who;
        add(std::move(*expectation), at);
      }
    }
  }

  template <typename T>
  void each(const char* key, FieldResult<T> (*read)(const json&, const std::string&, Reading&)) {
    const auto* list = fields_.array(key);
    if (!list) return;
    if (list->empty()) fields_.refuse(key, fmt::format("'{}' is empty", key));
    for (size_t i = 0; i < list->size(); ++i) {
      const std::string at = fmt::format("{}/{}", fields_.pointer(key), i);
      if (auto expectation = fields_.take(read((*list)[i], at, reading_)))
        add(std::move(*expectation), at);
    }
  }

  void segments() {
    const auto* list = fields_.array("segments");
    if (!list) return;
    SegmentsExpectation result;
    if (list->empty()) fields_.refuse("segments", "'segments' is empty");
    for (size_t i = 0; i < list->size(); ++i) {
      const std::string at = fmt::format("{}/{}", fields_.pointer("segments"), i);
      if (auto selector = fields_.take(reading_.selector((*list)[i], at)))
        result.in_order.push_back(std::move(*selector));
    }
    add(std::move(result), fields_.pointer("segments"));
  }

  FieldResult<std::vector<Expectation>> finish() {
    if (auto error = fields_.finish()) return std::unexpected(*error);
    const auto line = [](const Expectation& e) {
      return std::visit([](const auto& any) { return any.line; }, e);
    };
    std::ranges::stable_sort(list_, {}, line);
    return std::move(list_);
  }

 private:
  template <typename T>
  void add(T expectation, const std::string& at) {
    expectation.line = reading_.line(at);
    list_.push_back(std::move(expectation));
  }

  Fields fields_;
  Reading& reading_;
  std::vector<Expectation> list_;
};

}  // namespace

FieldResult<std::vector<Expectation>> expectations_from(const json& value, const std::string& at,
                                                        Reading& reading) {
  Expectations expectations(value, at, reading);
  expectations.by_end("states", &StatesExpectation::end, states_expectation);
  expectations.by_end("final", &FinalExpectation::end, final_expectation);
  expectations.by_end("stream", &StreamExpectation::receiver, stream_expectation);
  expectations.each("gaps", gaps_from);
  expectations.each("counts", count_from);
  expectations.each("times", time_from);
  expectations.each("never", never_from);
  expectations.segments();
  return expectations.finish();
}

}  // namespace faultline
