#include "harness/world/sysctl.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/util/fd.hpp"

namespace faultline {
namespace {

std::vector<std::string_view> split(std::string_view text, auto is_separator) {
  std::vector<std::string_view> parts;
  for (size_t start = 0;;) {
    const auto end =
        std::find_if(text.begin() + static_cast<ptrdiff_t>(start), text.end(), is_separator);
    const auto at = static_cast<size_t>(end - text.begin());
    parts.push_back(text.substr(start, at - start));
    if (end == text.end()) return parts;
    start = at + 1;
  }
}

std::vector<std::string_view> words(std::string_view text) {
  auto parts = split(text, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
  std::erase(parts, "");
  return parts;
}

std::string normal(std::string_view value) {
  return fmt::format("{}", fmt::join(words(value), " "));
}

bool is_name(std::string_view part) {
  return !part.empty() && std::ranges::all_of(part, [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-';
  });
}

// Only names below "net." with nothing in them that a path could be made of.
Result<std::string> path_of(std::string_view name) {
  const auto parts = split(name, [](char c) { return c == '.'; });
  if (!std::ranges::all_of(parts, is_name))
    return fail("'{}' is no name of a sysctl (\"net.ipv4.tcp_syn_retries\" is one)", name);
  if (parts.size() < 3 || parts.front() != "net")
    return fail("sysctl {} is not an end's own: only those below net. can be set", name);
  return fmt::format("/proc/sys/{}", fmt::join(parts, "/"));
}

std::optional<long long> number(std::string_view word) {
  long long value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return {};
  return value;
}

bool same(std::string_view a, std::string_view b) {
  return std::ranges::equal(words(a), words(b), [](std::string_view x, std::string_view y) {
    return x == y || (number(x) && number(x) == number(y));
  });
}

Result<std::string> read_file(const std::string& path, std::string_view name) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd && errno == ENOENT) return fail("sysctl {}: this kernel has none of that name", name);
  if (!fd) return fail_errno("reading sysctl {}", name);
  std::array<char, 4096> buffer;
  const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
  if (got < 0) return fail_errno("reading sysctl {}", name);
  return normal({buffer.data(), static_cast<size_t>(got)});
}

std::string_view hint(int error) {
  if (error == EROFS) return " (/proc/sys is read-only, as in a container without --privileged)";
  return "";
}

}  // namespace

Result<std::string> read_sysctl(std::string_view name) {
  const auto path = path_of(name);
  if (!path) return path;
  return read_file(*path, name);
}

Result<std::string> write_sysctl(std::string_view name, std::string_view value) {
  const auto path = path_of(name);
  if (!path) return path;
  auto before = read_file(*path, name);
  if (!before || *before == normal(value)) return before;
  const Fd fd(::open(path->c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), value.data(), value.size()) < 0) {
    const int error = errno;
    return fail("sysctl {} = {}: {}{}; the kernel keeps {}", name, normal(value),
                std::strerror(error), hint(error), *before);
  }
  auto after = read_file(*path, name);
  if (after && !same(value, *after))
    return fail("sysctl {} = {}: the kernel made it {}", name, normal(value), *after);
  return after;
}

Result<std::map<std::string, std::string>> read_all_tcp_sysctls() {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> found;
  std::error_code error;
  for (fs::directory_iterator it("/proc/sys/net/ipv4", error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename();
    const bool wanted = name.starts_with("tcp_") && name != "tcp_fastopen_key";
    if (!wanted && name != "ip_local_port_range") continue;
    const std::string full = "net.ipv4." + name;
    if (auto value = read_file(it->path(), full)) found.emplace(full, std::move(*value));
  }
  if (error) return fail("listing /proc/sys/net/ipv4: {}", error.message());
  return found;
}

}  // namespace faultline
