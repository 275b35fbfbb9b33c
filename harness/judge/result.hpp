// What the judge says of a run. Reports are made from these and from nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/trace/describe.hpp"
#include "harness/judge/asked.hpp"
#include "harness/judge/variant_name.hpp"
#include "harness/util/time.hpp"

namespace faultline {

enum class Outcome : uint8_t {
  PASS,          // every expectation met
  FAIL,          // the stack under test broke one
  XFAIL,         // it broke one, as its known.toml says it does
  XPASS,         // known.toml says it fails, and it did not: that entry is out of date
  SKIP,          // not run, for a stated reason
  UNSUPPORTED,   // the stack cannot do what the case asks for
  INCONCLUSIVE,  // run, but the ground for a verdict is missing (DESIGN D7)
  ERROR,         // the set-up or the reference end went wrong
};
[[nodiscard]] std::string_view to_string(Outcome outcome);
[[nodiscard]] std::optional<Outcome> outcome_from_string(std::string_view name);

// One expectation or invariant, looked at.
struct Finding {
  enum class Status : uint8_t { met, broken, unclear };
  Status status = Status::met;
  std::string what;                   // "gaps between every SYN from the client"
  std::string wanted, got;            // one line each
  std::string tolerance;              // "-1ms +32ms (one granule at 250 Hz)", or ""
  std::vector<std::string> evidence;  // what arrived instead, a line each
  std::optional<End> owner;           // whose doing it is; none: nobody's in particular
  int line = 0;                       // in the case file; 0: an invariant of every case
  // Index in the trace's events of the one that showed it; nothing where no single one did.
  std::optional<size_t> event = {};
};

// One run of one case in one variant.
struct CaseResult {
  std::string case_id, title, file;
  Family family = Family::ipv4;
  int repetition = 1;  // of `--repeat`
  std::string sut;    // "client", "server", "both": where the stack under test stood
  std::string stack;  // its name
  std::string kernel;  // as users call it, where the run has several; else ""
  bool at_either_end = false;  // the case is about both, and another run has it at the other end
  Level level = Level::must;
  std::vector<std::string> spec;
  Outcome outcome = Outcome::ERROR;
  std::string reason;  // one line; "" for a plain PASS
  std::vector<Finding> findings;
  std::vector<std::string> story;  // what happened, a line each: "0s client: connect …"
  Nanos took{};                    // the run's own time
  std::string rerun;               // the command that reruns exactly this
  std::string trace_file;          // "" when none was written
  int line = 0;                    // of the first broken expectation, else 0
  EventNames names;                // how the case calls its rules and steps

  // What it is a result of, in a matrix: "lwip", or "lwip@uml-6.12" where there are several kernels.
  [[nodiscard]] std::string column() const { return kernel.empty() ? stack : stack + "@" + kernel; }
  [[nodiscard]] std::string variant() const {
    const bool plain = stack == "linux" && kernel.empty();
    return variant_name(case_id, family, plain ? "" : column(), at_either_end ? sut : "",
                        repetition);
  }
};

struct KernelInfo {
  std::string name, release;  // "uml-6.12"; "6.12.117", or "" where none of its guests has told it
  int hz = 0;
  bool virtual_time = false;
};

// A result that is not as the baseline has it (harness/judge/baseline.hpp).
struct BaselineChange {
  enum class Kind : uint8_t {
    worse,      // it failed, or there is no verdict any more
    missing,    // it was selected, and there is no result
    improved,   // the baseline is out of date
    undecided,  // INCONCLUSIVE or ERROR, which no baseline expects
    added,      // the baseline does not have it
  };
  Kind kind = Kind::worse;
  std::string variant;             // without its repetition
  std::optional<Outcome> was, is;  // in the baseline; now. Nothing where it is not there

  // Whether it alone makes the run fail.
  [[nodiscard]] bool fails() const;
};
[[nodiscard]] std::string_view to_string(BaselineChange::Kind kind);

struct BaselineComparison {
  std::string file;
  std::vector<BaselineChange> changes;  // by kind, then by variant
  size_t same = 0;                      // variants that are as the baseline has them
};

// What a whole run was, for the head of a report.
struct RunInfo {
  std::string version, kernel, hostname, started;  // kernel: uname's release; started: ISO 8601, UTC
  int hz = 0;
  uint64_t seed = 0;
  double timing_scale = 1;
  Nanos wall{};
  bool interrupted = false;
  size_t slow_left_out = 0;  // selected cases that were not run because they are slow
  std::string kernel_name;   // as users call it: "host", "uml-6.12"
  bool virtual_time = false;
  // Where there are several; `kernel`, `kernel_name` and `hz` then say nothing, and `virtual_time` is
  // that of all of them.
  std::vector<KernelInfo> kernels;
  std::string folder;  // that the program was started in: what reads a report is mostly there, too
  std::vector<std::string> columns;  // of the matrix, in the order in which they were asked for
  Asked asked;
  bool machine_slow = false;  // KSFT_MACHINE_SLOW set the timing scale
  std::vector<size_t> absent_shards;  // of a merged run, those whose results are not there
  std::optional<BaselineComparison> baseline;
};

}  // namespace faultline
