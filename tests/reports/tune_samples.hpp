// Reports of `faultline tune` for the tests: two kernels with every verdict, and hostile files.
#pragma once

#include <gtest/gtest.h>

#include "harness/tune/report.hpp"

namespace faultline {

inline const std::vector<TuneKernel> sample_kernels{
    {.name = "uml-6.12", .release = "6.12.117", .version = {6, 12}, .hz = 250},
    {.name = "uml-6.1", .version = {6, 1}, .hz = 250}};

inline SysctlFiles tune_files(const std::string& text, const std::string& name = "mesh.conf") {
  const auto files = read_sysctl_files({{name, text}}, 250);
  if (!files) ADD_FAILURE() << to_string(files.error().front());
  return files.value_or(SysctlFiles{});
}

inline TuneReport predicted_sample() {
  TuneReport report = assess(tune_files("net.ipv4.tcp_syn_retries = 3\nvm.swappiness = 1\n"),
                             {sample_kernels[0]}, {});
  report.version = "0.1.0";
  return report;
}

inline TuneReport measured_sample() {
  TuneReport report = assess(
      tune_files("net.ipv4.tcp_syn_retries = 3\nnet.ipv4.tcp_fin_timeout = 70\n"), sample_kernels,
      {.requirements = {*parse_requirement("connect <= 16s"),
                        *parse_requirement("fin-wait-2 <= 30s")}});
  report.version = "0.1.0";
  report.measured = true;
  report.solution = {{"net.ipv4.tcp_syn_retries", "3", {"--solve", 0}}};
  auto& connect = report.rows[0].cells;
  connect[0].verdict = TuneCell::Verdict::as_predicted;
  connect[0].measured = 19392ms;
  connect[0].within = Bounds{19260ms, 19548ms};
  connect[0].trace_file = "out/connect.json";
  connect[1].verdict = TuneCell::Verdict::not_as_predicted;
  connect[1].measured = 31s;
  connect[1].why = "31s is too long";
  auto& fin_wait_2 = report.rows[1].cells;
  fin_wait_2[0].verdict = TuneCell::Verdict::unsure;
  fin_wait_2[0].why = "the guest died";
  fin_wait_2[1].why = "it takes 20 s; --slow measures it";
  return report;
}

// Each text from outside tries to be markup, a terminal's command or another line.
inline TuneReport hostile_sample() {
  const std::string evil = "<b>&\"|`*_[x](y)\x1b[31m\xff#";
  TuneReport report = assess(
      tune_files("net.ipv4.tcp_syn_retries = 3\n" + evil + " = " + evil + "\n", evil + ".conf"),
      {{.name = evil, .release = evil, .version = {6, 12}, .hz = 250}}, {});
  report.version = "0.1.0";
  report.measured = true;
  report.rows[0].cells[0].why = evil + "\nsecond line";
  return report;
}

}  // namespace faultline
