// Who may run cases, and what is said where nobody may.
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cstring>

#include "tests/cli/installation.hpp"

namespace faultline::test {
namespace {

class Privilege : public Installation {};

void put(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY);
  if (fd < 0 || ::write(fd, text, strlen(text)) < 0) _exit(125);
  close(fd);
}

// Root of a user namespace in which so many network namespaces are allowed; the machine's own
// limits stay as they are.
void allow_namespaces(const char* number) {
  const std::string uid_map = "0 " + std::to_string(geteuid()) + " 1";
  const std::string gid_map = "0 " + std::to_string(getegid()) + " 1";
  if (unshare(CLONE_NEWUSER) != 0) _exit(125);
  put("/proc/self/setgroups", "deny");
  put("/proc/self/uid_map", uid_map.c_str());
  put("/proc/self/gid_map", gid_map.c_str());
  put("/proc/sys/user/max_net_namespaces", number);
}

void become_nobody() {
  if (geteuid() != 0) return;
  if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) _exit(125);
}

TEST_F(Privilege, AnOrdinaryUserMayRunCases) {
  const Ran ran = faultline({"run", "refused"}, {.in_child = become_nobody});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_TRUE(has(ran.out, "2 results: 2 PASS")) << ran.out;
}

TEST_F(Privilege, WhereTheKernelRefusesNamespacesItIs77WithDoctorsWords) {
  const ProcessOptions none{.in_child = [] { allow_namespaces("0"); }};
  const Ran ran = faultline({"run", "refused"}, none);
  EXPECT_EQ(ran.code, 77) << ran.out << ran.err;
  const std::string advice = "sysctl user.max_net_namespaces=10000";
  EXPECT_TRUE(has(ran.err, advice)) << ran.err;
  EXPECT_TRUE(has(ran.err, "faultline doctor")) << ran.err;
  EXPECT_FALSE(has(ran.out, "PASS"));
  const Ran doctor = faultline({"doctor"}, none);
  EXPECT_EQ(doctor.code, 77);
  EXPECT_TRUE(has(doctor.out, "missing")) << doctor.out;
  EXPECT_TRUE(has(doctor.out, advice)) << doctor.out;
}

// Three network namespaces are one world. With room for no more than that, the next case can only
// run when all of the killed one are gone, which here the ends' orphans hold up for a while.
TEST_F(Privilege, AfterAKillNamespacesGoWithTheirLastOrphan) {
  write(
      "project/again.sh",
      "F=" + (root_ / "build/x/faultline").string() +
          "\n$F run long --ipv4 & P=$!\n"
          "while [ \"$(ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c $F-driver-linux)\" -lt 2 ]; do"
          " sleep 0.1; done\n"
          "sleep 1\nkill -9 $P\n"
          "$F run refused --ipv4 >/dev/null 2>&1; echo first $?\n"
          "for i in $(seq 100); do\n"
          "  $F run refused --ipv4 >/dev/null 2>&1 && { echo room; exit 0; }\n  sleep 0.3\ndone\n"
          "echo none; exit 1\n");
  Process process({"sh", "again.sh"}, here({.in_child = [] { allow_namespaces("3"); }}));
  EXPECT_EQ(process.wait(milliseconds(90'000)), 0) << process.out << process.err;
  EXPECT_TRUE(has(process.out, "first 77"))
      << "orphans held nothing up, so nothing was tested: " << process.out << process.err;
  EXPECT_TRUE(has(process.out, "room")) << process.out;
}

}  // namespace
}  // namespace faultline::test
