#include "harness/check/check_driver.hpp"

#include <fmt/format.h>

namespace faultline::check {
namespace {

void check_topic(const Topic& topic, const std::string& family, const Subject& subject,
                 const std::function<Result<Stage>()>& stage, Findings& findings, Nanos patience) {
  findings.topic(topic.of_a_family ? fmt::format("{} [{}]", topic.name, family) : topic.name);
  auto made = stage();
  if (!made) throw std::runtime_error(made.error().what);
  std::unique_ptr<Bench> bench;
  try {
    bench = std::make_unique<Bench>(std::move(*made), subject, family, findings, patience);
    topic.check(*bench);
  } catch (const Gone& gone) {
    findings.add(Verdict::missing, "the rest of it", "a driver that goes on", gone.why);
  }
  if (bench)
    for (const std::string& fault : bench->driver().faults())
      findings.add(Verdict::broken, "what it says", "replies and events of the protocol", fault);
}

}  // namespace

const std::vector<Topic>& topics() {
  static const std::vector<Topic> all{
      {"life", false, check_life},
      {"end of input", false, check_end_of_input},
      {"end of input, closing", true, check_end_while_closing},
      {"end of input, half a line", false, check_half_a_line},
      {"lines", false, check_lines},
      {"names", false, check_names},
      {"opening", true, check_opening},
      {"families", true, check_families},
      {"stream", true, check_stream},
      {"closing", true, check_closing},
      {"options", true, check_options},
      {"waiting", true, check_waiting},
      {"cut short", true, check_cut_short},
      {"parameters", true, check_parameters},
      {"states", true, check_states},
  };
  return all;
}

void check_driver(const Subject& subject, const std::function<Result<Stage>()>& stage,
                  Findings& findings, Nanos patience) {
  for (const Topic& topic : topics()) {
    const size_t before = findings.all().size();
    for (const std::string& family : subject.families) {
      check_topic(topic, family, subject, stage, findings, patience);
      if (!topic.of_a_family) break;
    }
    const bool silent =
        findings.all().size() == before + 1 && findings.all().back().verdict == Verdict::missing;
    if (topic.check == check_life && silent) return;  // nothing else can come of it
  }
}

}  // namespace faultline::check
