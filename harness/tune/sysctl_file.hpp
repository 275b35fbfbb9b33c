// sysctl.conf(5), as sysctl(8) reads it, and what `sysctl -a` prints.
//
//   # comment, ; comment
//   net.ipv4.tcp_syn_retries = 3       net/ipv4/tcp_syn_retries=3
//   -net.ipv4.tcp_syn_retries = 3      where the kernel refuses it, go on
//   net.ipv4.tcp_*_retries = 3         all that match and are nowhere set by name
//   -net.ipv4.tcp_synack_retries       left out of what patterns match
//
// A value is read as the kernel does: the first number, hexadecimal and octal ones too; what stands
// after a blank is ignored (do_proc_dointvec and proc_get_long, kernel/sysctl.c).
#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "harness/case/case_error.hpp"
#include "harness/tune/sysctls.hpp"

namespace faultline {

struct Place {
  std::string file;
  int line = 0;  // 0: no line of a file
};
[[nodiscard]] std::string to_string(const Place& place);  // "mesh.conf:4"

struct Setting {
  std::string key;  // in full, with dots
  std::string
      value;  // the number that the kernel makes of it; of what is not looked at, as written
  Place place;
};

// Something worth knowing about one line.
struct Remark {
  Place place;
  std::string what;
};

struct SysctlFiles {
  std::vector<std::string> names;           // of the files, in their order
  std::map<std::string, Setting> settings;  // what `timer_sysctls` are set to: the last one wins
  std::vector<Setting> not_looked_at;       // the other keys, in the order of the files
  std::vector<Remark> remarks;
};

// Whether `a` stands before `b`.
[[nodiscard]] bool is_before(const Place& a, const Place& b, const SysctlFiles& files);

struct NamedText {
  std::string file, text;
};

// In this order. HZ bounds what is kept in jiffies. Refused, all errors of all files at once: a
// line that is no setting; a value that the kernel refuses; a TCP sysctl that no kernel has, unless
// a '-' stands before it.
[[nodiscard]] std::expected<SysctlFiles, std::vector<CaseError>> read_sysctl_files(
    const std::vector<NamedText>& files, int hz);

}  // namespace faultline
