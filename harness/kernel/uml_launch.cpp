#include <fmt/format.h>

#include "harness/kernel/launch.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {
namespace fs = std::filesystem;
// Guests share nothing: what a run has of the world's clock must not be in it.
constexpr auto wall_clock_at_boot = "1700000000000000000";
constexpr auto memory = "480M";  // with the kernel's own parts below 512 MB
}  // namespace

Result<Launch> uml_launch(const fs::path& kernel, const fs::path& program, const std::string& plan,
                          const fs::path& folder) {
  const fs::path plan_file = folder / "plan", channel = folder / "channel", init = folder / "init";
  if (auto done = write_file(plan_file, plan); !done) return std::unexpected(done.error());
  if (auto done = write_file(channel, ""); !done) return std::unexpected(done.error());
  std::error_code error;
  fs::create_symlink(program, init, error);  // its own path may have spaces
  if (error) return fail("making {}: {}", init.string(), error.message());
  // Where it keeps its memory and what it remembers: here, whatever the user's own folders allow.
  return Launch{{"/usr/bin/env", "TMPDIR=" + folder.string(), "HOME=" + folder.string(),
                 kernel.string(), fmt::format("mem={}", memory), "root=none", "rootfstype=hostfs",
                 "rootflags=/", "rw", fmt::format("init={}", init.string()), "con=null",
                 "con0=null,fd:1", "quiet", "panic=-1", "time-travel=inf-cpu",
                 fmt::format("time-travel-start={}", wall_clock_at_boot),
                 fmt::format("uml_dir={}", folder.string()), "--", "guest", plan_file.string(),
                 channel.string()},
                channel};
}

}  // namespace faultline
