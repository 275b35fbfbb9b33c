// What `--kernel` takes. Pure: whether such a kernel is there is another question.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/util/error.hpp"

namespace faultline {

// Ticks a second that a UML kernel can be built for: those that Linux offers on real machines.
inline constexpr std::array hz_choices = {100, 250, 300, 1000};

struct KernelName {
  enum class Kind : uint8_t {
    host,     // "host": the machine's own, in real time
    uml,      // "uml-6.12", "uml-6.1@1000": built from the distribution's source
    package,  // "deb:linux-image-6.1*-cloud-amd64": from a distribution's package, globs allowed
    file,     // "./linux", "/boot/vmlinuz": whatever has a slash in it
  };
  Kind kind = Kind::host;
  std::string source;   // uml: the source's version, "6.12"
  int hz = default_hz;  // uml: ticks a second
  std::string package;  // package: its name or glob, without "deb:"
  std::string path;     // file: as it was given

  static constexpr int default_hz = 250;  // Debian's, so that timers are late as on users' machines

  [[nodiscard]] bool operator==(const KernelName&) const = default;
};

// An Error names those there are, and the one nearest to what was typed.
[[nodiscard]] Result<KernelName> parse_kernel_name(std::string_view text);

// What parse_kernel_name took, in its shortest form: "uml-6.12" for "uml-6.12@250".
[[nodiscard]] std::string to_string(const KernelName& name);

// The UML kernels that can be built: "uml-6.12", "uml-6.1". The first is the one that is
// recommended.
[[nodiscard]] const std::vector<std::string>& uml_names();

}  // namespace faultline
