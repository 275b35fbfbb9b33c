#include "harness/cli/app.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <exception>
#include <sstream>

#include "harness/cli/commands.hpp"
#include "harness/cli/tell.hpp"
#include "harness/run/guest.hpp"
#include "harness/run/worker.hpp"
#include "reports/folder_format.hpp"
#include "reports/formats.hpp"
#include "reports/safe_text.hpp"

namespace faultline {
namespace {

struct GuestArguments {
  std::string plan, channel;
};

constexpr auto footer =
    R"(Exit codes of run, merge, judge, tune: 0 all as expected, 1 something failed,
2 nothing failed but something was INCONCLUSIVE or ERROR, 4 all skipped, 64 usage, 65 bad file,
66 nothing selected, 70 internal error, 77 no privilege, 130 interrupted.
Of compare: 0 nothing differs, 1 something does.
'faultline COMMAND --help' says what a command takes.)";

void add_selection(CLI::App& command, Selection& selection) {
  command
      .add_option("CASE", selection.names,
                  "ids (handshake/three-way), globs ('close/*') or case files; all when absent")
      ->type_name("");
  command.add_option("--suite", selection.suite, "the folder that ids are relative to")
      ->type_name("DIR");
  command.add_option("--exclude", selection.exclude, "leave out this id or glob; may be repeated")
      ->allow_extra_args(false)
      ->type_name("GLOB");
}

void add_gate(CLI::App& command, std::string& baseline, std::string& write_baseline) {
  command
      .add_option("--baseline", baseline, "exit with 1 where an outcome is not as this file has it")
      ->type_name("FILE");
  command
      .add_option("--write-baseline", write_baseline,
                  "accept these outcomes: what was selected is written into this file anew")
      ->type_name("FILE");
}

// "text, json, … pcapng"
std::string run_formats() {
  std::string names;
  for (const ReportFormat& format : report_formats()) names += fmt::format("{}, ", format.name);
  for (const FolderFormat& format : folder_formats()) names += fmt::format("{}, ", format.name);
  return names.substr(0, names.size() - 2);
}

}  // namespace

void add_run_options(CLI::App& app, RunArguments& run) {
  CLI::App* command = &app;
  add_selection(*command, run.selection);
  command->add_flag("--slow", run.selection.slow,
                    "also the cases marked slow: minutes to days on a real clock");
  command
      ->add_option("--kernel", run.kernels,
                   "host, uml-6.12, a path or deb:PACKAGE; several with commas or repeated, one "
                   "after the other; when absent uml-6.12 where it has been built, else host")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME");
  command->add_option("--modules", run.modules, "the folder of that kernel's modules")
      ->type_name("DIR");
  command
      ->add_option("--stack", run.stacks,
                   "the stack under test: linux, lwip, gvisor or a folder with a stack.toml; "
                   "several with commas or repeated")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME");
  command
      ->add_option("--remote", run.remote,
                   "where the driver of --stack remote is reached: a machine across the network")
      ->type_name("ADDR[:PORT]");
  command->add_option("--remote-token", run.remote_token, "the file with that driver's token")
      ->type_name("FILE");
  command
      ->add_option("--remote-interface", run.remote_interface,
                   "reach it by this interface; by default as the routes say")
      ->type_name("NAME");
  command
      ->add_option("-j,--jobs", run.jobs,
                   "how many run side by side: cases (128) or guests (one a processor)")
      ->check(CLI::Range(1, 4096).description(""))
      ->type_name("N");
  command->add_option("--repeat", run.repeat, "run everything so many times")
      ->check(CLI::Range(1, 100000).description(""))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--seed", run.seed, "of the streams' content; printed when it is not given")
      ->check([](const std::string& text) {
        uint64_t seed = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
        const bool whole = error == std::errc{} && end == text.data() + text.size();
        return whole ? "" : "expected a whole number below 2^64";
      })
      ->type_name("N");
  command->add_option("--sysctl", run.sysctls, "set K=V for the stack under test, over the case")
      ->allow_extra_args(false)
      ->type_name("K=V");
  command->add_option("--timing-scale", run.timing_scale, "widen every tolerance by this factor")
      ->check(CLI::Range(1.0, 1000.0).description(""))
      ->check([](const std::string& text) {
        return text.find_first_of("nN") == std::string::npos ? "" : "expected a number";
      })
      ->type_name("X");
  command->add_flag("--ipv4", run.ipv4, "only over IPv4");
  command->add_flag("--ipv6", run.ipv6, "only over IPv6");
  command->add_option("--out", run.out, "the folder for traces")
      ->type_name("DIR")
      ->capture_default_str();
  command
      ->add_option(
          "--report", run.reports,
          run_formats() + "; FORMAT=FILE writes a file, html and pcapng a folder; may be repeated")
      ->allow_extra_args(false)
      ->type_name("FORMAT[=FILE]");
  command->add_flag("--force", run.force,
                    "write into folders that hold the results of another run");
  add_gate(*command, run.baseline, run.write_baseline);
  command->add_option("--shard", run.shard, "only the Ith of N parts that cost about the same")
      ->type_name("I/N");
  command
      ->add_option(
          "--rerun-failed", run.rerun_failed,
          "run what failed in the run that left this folder or JSON report, with its options")
      ->excludes(command->get_option("CASE"))
      ->type_name("DIR|FILE");
  command->add_flag("--fail-fast", run.fail_fast, "start nothing more once a case failed");
  command->add_flag(
      "--verify-determinism", run.verify_determinism,
      "in virtual time: run everything twice; exit with 1 when two traces differ in a byte");
  command->add_flag("-v,--verbose", run.verbose, "tell the story of passing cases too");
}

namespace {

void add_run(CLI::App& app, RunArguments& run, int& code) {
  CLI::App* command = app.add_subcommand("run", "Run cases and print what came of them");
  add_run_options(*command, run);
  command->callback([&] { code = run_command(run); });
}

void add_merge(CLI::App& app, MergeArguments& merge, int& code) {
  CLI::App* command = app.add_subcommand(
      "merge", "Join the JSON reports of a run's shards; one alone is written in other formats");
  command->add_option("RESULT", merge.files, "JSON reports, or folders that runs left")->required();
  add_gate(*command, merge.baseline, merge.write_baseline);
  command->add_option("--report", merge.reports, "as for run; text when absent")
      ->allow_extra_args(false)
      ->type_name("FORMAT[=FILE]");
  command->add_option("--out", merge.out, "the folder for reports that are folders")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--force", merge.force, "write reports into folders that hold something");
  command->add_flag("-v,--verbose", merge.verbose, "tell the story of passing cases too");
  command->callback([&] { code = merge_command(merge); });
}

void add_judge(CLI::App& app, JudgeArguments& judge, int& code) {
  CLI::App* command = app.add_subcommand("judge", "Judge saved traces again");
  command->add_option("TRACE", judge.traces, "files that a run left in its folder")->required();
  command
      ->add_option("--case", judge.case_file, "by this case file instead of the one in the trace")
      ->type_name("FILE");
  command
      ->add_option("--stack", judge.stacks,
                   "the stacks whose known deviations count, with commas; linux's when absent")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME");
  command->add_flag("-v,--verbose", judge.verbose, "tell the story of passing cases too");
  command->callback([&] { code = judge_command(judge); });
}

void add_compare(CLI::App& app, CompareArguments& compare, int& code) {
  CLI::App* command = app.add_subcommand(
      "compare", "Say what differs between two runs; ends with 1 when something does");
  command->add_option("RUN", compare.a, "the folder of a run's traces, or its JSON report")
      ->required();
  command->add_option("RUN2", compare.b, "another")->required();
  command->add_option("CASE", compare.cases,
                      "ids or globs, with all details; every case when absent");
  command
      ->add_option("--stack", compare.stacks,
                   "which of a run of several, one for both or A,B: lwip, linux@uml-6.12")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("A[,B]");
  command
      ->add_option("--tolerance", compare.tolerance,
                   "times so far apart are the same; when absent 1us in virtual time, else an "
                   "eighth and 50ms")
      ->type_name("DURATION");
  command->add_option("--report", compare.reports, "text or json; FORMAT=FILE writes a file")
      ->allow_extra_args(false)
      ->type_name("FORMAT[=FILE]");
  command->add_flag("-v,--verbose", compare.verbose, "every difference whole");
  command->callback([&] { code = compare_command(compare); });
}

void add_tune(CLI::App& app, TuneArguments& tune, int& code) {
  CLI::App* command = app.add_subcommand(
      "tune", "Say what TCP's timers will do with these sysctls, predicted and measured");
  command->add_option(
      "FILE", tune.files,
      "sysctl.conf files or what 'sysctl -a' printed, later ones over earlier ones; "
      "- is standard input; the kernel's defaults when absent");
  command
      ->add_option(
          "--kernel", tune.kernels,
          "as for run; may be repeated, a column each; the one that run chooses when absent")
      ->allow_extra_args(false)
      ->type_name("NAME");
  command->add_option("--modules", tune.modules, "the folder of that kernel's modules")
      ->type_name("DIR");
  command->add_flag("--predict", tune.predict, "measure nothing: at once, and without privilege");
  command->add_option("--hz", tune.hz, "of kernels whose name does not say it; 250 when absent")
      ->check(CLI::Range(1, 1200));
  command
      ->add_option("--rtt", tune.rtt,
                   "predict for round trips of this length; of a local network when absent")
      ->type_name("DURATION");
  command->add_option("--only", tune.only, "behaviours, with commas between them")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME");
  command
      ->add_option(
          "--require", tune.requirements,
          "'connect <= 30s', with <=, <, >= or >; exit with 1 where it does not hold; may be "
          "repeated")
      ->allow_extra_args(false)
      ->type_name("REQUIREMENT");
  command
      ->add_option("--solve", tune.goals,
                   "find the fewest sysctls to change so that these hold; takes what follows")
      ->type_name("REQUIREMENT …");
  command
      ->add_option("--report", tune.reports,
                   "text, json, markdown or html; FORMAT=FILE writes a file")
      ->allow_extra_args(false)
      ->type_name("FORMAT[=FILE]");
  command->add_option("--out", tune.out, "the folder for traces")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_flag("--slow", tune.slow,
                    "in real time, measure also what takes more than three minutes");
  command->callback([&] { code = tune_command(tune); });
}

void add_kernel(CLI::App& app, std::vector<std::string>& names, int& code) {
  CLI::App* command = app.add_subcommand("kernel", "Kernels with virtual time: build, list, find");
  command->require_subcommand(1);
  CLI::App* build = command->add_subcommand("build", "Build UML kernels that are not there yet");
  build->add_option("NAME", names, "uml-6.12, uml-6.1; with an HZ: uml-6.12@1000")->required();
  build->callback([&] { code = kernel_build_command(names); });
  CLI::App* list = command->add_subcommand("list", "List the kernels there are");
  list->callback([&] { code = kernel_list_command(); });
  CLI::App* path = command->add_subcommand("path", "Print where a built kernel is");
  path->add_option("NAME", names)->required()->expected(1);
  path->callback([&] { code = kernel_path_command(names.front()); });
}

void add_stack(CLI::App& app, std::vector<std::string>& names, int& code) {
  CLI::App* command = app.add_subcommand("stack", "Stacks to put under test: build, list, find");
  command->require_subcommand(1);
  CLI::App* build = command->add_subcommand("build", "Build what a run with them would build");
  build->add_option("NAME", names, "lwip, gvisor or a folder with a stack.toml")->required();
  build->callback([&] { code = stack_build_command(names); });
  CLI::App* list = command->add_subcommand("list", "List the stacks there are");
  list->callback([&] { code = stack_list_command(); });
  CLI::App* path = command->add_subcommand("path", "Print where a built stack is");
  path->add_option("NAME", names)->required()->expected(1);
  path->callback([&] { code = stack_path_command(names.front()); });
}

void add_driver(CLI::App& app, DriverArguments& driver, int& code) {
  CLI::App* command =
      app.add_subcommand("driver", "Let runs on other machines put this one's TCP under test");
  command
      ->add_option(
          "--listen", driver.listen,
          "where clients connect: PORT, ADDR or ADDR:PORT; of the loopback, and 7400, what "
          "is not named")
      ->type_name("ADDR:PORT");
  command
      ->add_option("--token", driver.token,
                   "the file with the secret that clients must show; readable by its owner alone")
      ->required()
      ->type_name("FILE");
  command->callback([&] { code = driver_command(driver); });
}

void add_check_driver(CLI::App& app, CheckDriverArguments& check, int& code) {
  CLI::App* command = app.add_subcommand(
      "check-driver", "Test a driver against the driver protocol and say what it lacks");
  command->add_option("--stack", check.stack, "lwip, gvisor, linux or a folder with a stack.toml")
      ->type_name("NAME");
  command->add_option("COMMAND", check.command,
                      "after '--': a driver of the kernel's sockets, with its arguments");
  command->callback([&] { code = check_driver_command(check); });
}

// The command that a run starts its workers with; nobody else has a use for it.
void add_worker(CLI::App& app, int& parent, int& code) {
  CLI::App* command = app.add_subcommand("worker", "");
  command->group("");
  command->add_option("PARENT", parent)->required();
  command->callback([&] { code = run_worker(parent); });
}

// The command that a guest's kernel starts.
void add_guest(CLI::App& app, GuestArguments& guest, int& code) {
  CLI::App* command = app.add_subcommand("guest", "");
  command->group("");
  command->add_option("PLAN", guest.plan)->required();
  command->add_option("CHANNEL", guest.channel)->required();
  command->allow_extras();  // a kernel adds words of its own
  command->callback([&] { code = run_guest(guest.plan, guest.channel); });
}

int parse_and_run(int argc, char** argv) {
  CLI::App app("Faultline: a fault-injection conformance harness for TCP", "faultline");
  app.footer(footer);
  app.set_version_flag("--version", "faultline " FAULTLINE_VERSION);
  app.require_subcommand(1);
  int code = all_as_expected;
  int parent = 0;
  RunArguments run;
  JudgeArguments judge;
  Selection listed, explained;
  std::vector<std::string> linted;
  add_run(app, run, code);
  CLI::App* list = app.add_subcommand("list", "List the cases");
  add_selection(*list, listed);
  bool claims = false;
  list->add_flag("--claims", claims,
                 "say which cases check each claim; exit with 1 when one has none");
  list->callback([&] { code = claims ? list_claims_command(listed) : list_command(listed); });
  CLI::App* lint = app.add_subcommand("lint", "Check case files without running them");
  lint->add_option("FILE", linted, "case files")->required();
  lint->callback([&] { code = lint_command(linted); });
  CLI::App* explain = app.add_subcommand("explain", "Say in sentences what a case does");
  add_selection(*explain, explained);
  explain->callback([&] { code = explain_command(explained); });
  MergeArguments merge;
  add_merge(app, merge, code);
  add_judge(app, judge, code);
  CompareArguments compared;
  add_compare(app, compared, code);
  TuneArguments tune;
  add_tune(app, tune, code);
  CLI::App* doctor = app.add_subcommand("doctor", "Say what this machine can do");
  doctor->callback([&] { code = doctor_command(); });
  std::vector<std::string> kernels;
  add_kernel(app, kernels, code);
  std::vector<std::string> stacks;
  add_stack(app, stacks, code);
  DriverArguments driver;
  add_driver(app, driver, code);
  CheckDriverArguments check;
  add_check_driver(app, check, code);
  add_worker(app, parent, code);
  GuestArguments guest;
  add_guest(app, guest, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, wrong;
    const int code_of_parsing = app.exit(error, out, wrong);
    tell(stdout, out.str());
    tell(stderr, safe_lines(wrong.str()));
    return code_of_parsing == 0 ? all_as_expected : usage_error;
  }
  return code;
}

}  // namespace

int run_app(int argc, char** argv) {
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& error) {
    return complain(internal_error, fmt::format("internal error: {}", error.what()));
  }
}

}  // namespace faultline
