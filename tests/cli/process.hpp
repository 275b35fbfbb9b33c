// A program under test: started, watched, read to its end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace faultline::test {

using std::chrono::milliseconds;

struct ProcessOptions {
  std::string folder;                      // where it is started
  std::map<std::string, std::string> env;  // beside this process's own
  std::function<void()> in_child;          // before the program: another user, other rights
  bool terminal = false;                   // its three descriptors are a terminal of 80 columns
};

class Process {
 public:
  // The program leads a process group of its own.
  Process(const std::vector<std::string>& argv, const ProcessOptions& options);
  // Kills the whole group.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Reads until `text` was seen in what it writes; false where it ended or time ran out first.
  bool saw(const std::string& text, milliseconds within = milliseconds(20'000));
  // Reads to the end. The exit code; 128 + signal; -1 where it did not end in time.
  int wait(milliseconds within = milliseconds(60'000));
  void signal(int number) const;
  void signal_group(int number) const;

  std::string out, err;  // on a terminal everything is in `out`

 private:
  bool read_some(milliseconds within);  // false: nothing came, or both have ended

  pid_t pid_ = -1;
  int out_fd_ = -1, err_fd_ = -1;
  bool reaped_ = false;
};

// Waits until `holds`, looking every few milliseconds.
bool eventually(const std::function<bool()>& holds, milliseconds within);

// The processes whose program lies below this folder.
std::vector<pid_t> processes_below(const std::string& folder);

}  // namespace faultline::test
