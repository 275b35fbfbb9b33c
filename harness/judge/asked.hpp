// What a run was asked for: enough to tell what it left out on purpose, and to ask for the same again.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace faultline {

struct Asked {
  std::string suite;                        // the folder; "": the program's own
  std::vector<std::string> cases, exclude;  // ids and globs; no cases: all
  std::vector<std::string> only;            // nothing but these variants; empty: all
  bool ipv4 = false, ipv6 = false;          // neither: both
  std::vector<std::string> left_out;        // ids of slow cases that were selected and not run
  std::vector<std::string> kernels, stacks;  // as the user named them
  std::string remote, remote_token, remote_interface;
  std::map<std::string, std::string> sysctls;
  size_t shard = 1, shards = 1;  // the how manieth of how many parts
};

// What a stack is called that was named like this: a folder by its own name.
[[nodiscard]] inline std::string stack_name(std::string asked) {
  while (asked.ends_with('/')) asked.pop_back();
  return asked.substr(asked.rfind('/') + 1);
}

}  // namespace faultline
