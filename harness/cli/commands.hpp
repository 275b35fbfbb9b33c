// The commands, once their arguments have been read. Each returns an ExitCode.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/exit_code.hpp"

namespace faultline {

// Which cases: ids, globs over ids ("close/*"), or paths of case files. Empty: all of the suite.
struct Selection {
  std::string suite;  // the folder; "": the one that belongs to this program
  std::vector<std::string> names;
  std::vector<std::string> exclude;
  bool slow = true;  // false: slow cases only where an id or a file names exactly one
};

struct RunArguments {
  Selection selection{.slow = false};
  // As --kernel takes them; none: the virtual one where it has been built, else host. Of several
  // each has a folder of its own below `out`.
  std::vector<std::string> kernels;
  std::string modules;  // the folder of a distribution kernel's modules; "": found beside it
  std::vector<std::string> stacks;  // names, or paths of folders; none: the reference's
  std::string remote, remote_token, remote_interface;  // of the stack "remote"
  size_t jobs = 0;                                     // 0: as many as suit the kernel
  int repeat = 1;
  std::optional<uint64_t> seed;
  std::vector<std::string> sysctls;    // "K=V"
  std::optional<double> timing_scale;  // nothing: 1, wider where KSFT_MACHINE_SLOW is set
  bool ipv4 = false, ipv6 = false;     // neither: both
  std::string out = "faultline-out";
  std::vector<std::string> reports;  // "FORMAT" or "FORMAT=FILE"
  bool force = false;                // write into folders that hold the results of another run
  bool fail_fast = false;
  bool verify_determinism = false;  // run everything twice and compare the traces
  bool verbose = false;
  std::string shard;                     // "2/4"
  std::string baseline, write_baseline;  // files
  std::string rerun_failed;              // a former run's folder or JSON report
  std::vector<std::string> only;         // nothing but these variants; none: all
};

struct MergeArguments {
  std::vector<std::string> files;     // JSON reports
  std::vector<std::string> reports;   // "FORMAT" or "FORMAT=FILE"
  std::string out = "faultline-out";  // for reports that are a folder
  bool force = false;                 // write into folders that are not empty
  std::string baseline, write_baseline;
  bool verbose = false;
};

struct JudgeArguments {
  std::vector<std::string> traces;
  std::string case_file;            // judge by this instead of the case in the trace
  std::vector<std::string> stacks;  // whose known deviations count; none: the reference's
  bool verbose = false;
};

struct CompareArguments {
  std::string a, b;                  // folders of traces, or JSON reports
  std::vector<std::string> cases;    // ids or globs; none: all
  std::vector<std::string> stacks;   // columns, one for both or one for each; none: what there is
  std::string tolerance;             // of times, "10ms"; "": as Tolerance::usual
  std::vector<std::string> reports;  // "FORMAT" or "FORMAT=FILE"
  bool verbose = false;
};

struct TuneArguments {
  std::vector<std::string> files;    // of sysctl.conf; "-": standard input
  std::vector<std::string> kernels;  // as --kernel takes them; none: as `run` chooses
  std::string modules;               // of the distribution kernels among them
  bool predict = false;              // measure nothing
  int hz = 0;                        // of kernels whose name does not say it; 0: 250
  std::string rtt;                   // of the network to predict for, "80ms"; "": a local one
  std::vector<std::string> only;     // behaviours
  std::vector<std::string> requirements, goals;  // "connect <= 30s": to be checked, to be reached
  std::vector<std::string> reports;              // "FORMAT" or "FORMAT=FILE"
  std::string out = "faultline-out";
  bool slow = false;  // in real time, measure also what takes more than minutes
};

struct DriverArguments {
  std::string listen = "127.0.0.1";  // ADDR, ADDR:PORT or PORT
  std::string token;                 // the file that holds it
};

struct CheckDriverArguments {
  std::string stack;                 // a name, or the path of a folder
  std::vector<std::string> command;  // instead: a driver of the kernel's sockets
};

[[nodiscard]] int run_command(const RunArguments& arguments);
[[nodiscard]] int list_command(const Selection& selection);
// Which of the selected cases check each of the suite's claims.
[[nodiscard]] int list_claims_command(const Selection& selection);
[[nodiscard]] int lint_command(const std::vector<std::string>& files);
[[nodiscard]] int explain_command(const Selection& selection);
// Joins the JSON reports of a run's shards; one alone is written in other formats.
[[nodiscard]] int merge_command(const MergeArguments& arguments);
[[nodiscard]] int judge_command(const JudgeArguments& arguments);
// 0 where nothing differs, 1 where something does.
[[nodiscard]] int compare_command(const CompareArguments& arguments);
[[nodiscard]] int tune_command(const TuneArguments& arguments);
[[nodiscard]] int doctor_command();
// Tests a driver against the driver protocol.
[[nodiscard]] int check_driver_command(const CheckDriverArguments& arguments);
// Serves this machine's TCP to runs on other machines, for ever.
[[nodiscard]] int driver_command(const DriverArguments& arguments);
// Builds those of these UML kernels that are not there.
[[nodiscard]] int kernel_build_command(const std::vector<std::string>& names);
[[nodiscard]] int kernel_list_command();
// Where this UML kernel is; something_failed where it is not built.
[[nodiscard]] int kernel_path_command(const std::string& name);
// Builds what these stacks need and has not been built.
[[nodiscard]] int stack_build_command(const std::vector<std::string>& names);
[[nodiscard]] int stack_list_command();
// Where this stack's build put what it made; something_failed where there is none.
[[nodiscard]] int stack_path_command(const std::string& name);

}  // namespace faultline
