#include "stacks/remote/privileges.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace faultline::remote {
namespace {

constexpr unsigned nobody = 65534;

using Sets = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

__user_cap_header_struct this_process() {
  return {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
}

// Where these are refused (no such user in the namespace, no CAP_SETPCAP), giving the capabilities
// up is enough: none can come back.
void become_nobody() {
  for (unsigned long capability = 0; capability <= CAP_LAST_CAP; ++capability)
    (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (geteuid() != 0) return;
  if (setgroups(0, nullptr) != 0 || setresgid(nobody, nobody, nobody) != 0) return;
  (void)!setresuid(nobody, nobody, nobody);
}

}  // namespace

Result<void> drop_privileges() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail_errno("giving up new privileges");
  become_nobody();
  auto header = this_process();
  Sets none{};
  if (syscall(SYS_capset, &header, none.data()) != 0) return fail_errno("giving up capabilities");
  Sets left{};
  if (syscall(SYS_capget, &header, left.data()) != 0) return fail_errno("reading capabilities");
  for (const auto& set : left)
    if (set.effective != 0 || set.permitted != 0) return fail("a capability could not be given up");
  return {};
}

}  // namespace faultline::remote
