#include "stacks/remote/token.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "harness/util/fd.hpp"

namespace faultline::remote {
namespace {

constexpr mode_t of_others = S_IRWXG | S_IRWXO;

Result<void> check_file(const std::string& name, int fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0) return fail_errno("reading the token in {}", name);
  if (!S_ISREG(facts.st_mode)) return fail("the token's file {} is no regular file", name);
  if ((facts.st_mode & of_others) != 0)
    return fail("the token's file {} is open to others (mode {:04o}): chmod 600 {}", name,
                facts.st_mode & 07777U, name);
  return {};
}

}  // namespace

Result<std::string> read_token(const std::filesystem::path& file) {
  const std::string name = file.string();
  // Not to wait for a writer where it is a pipe.
  const Fd fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_errno("opening the token's file {}", name);
  if (auto fine = check_file(name, fd.get()); !fine) return std::unexpected(fine.error());
  std::array<char, longest_token + 2> text{};
  const ssize_t size = read(fd.get(), text.data(), text.size());
  if (size < 0) return fail_errno("reading the token in {}", name);
  std::string token(text.data(), static_cast<size_t>(size));
  if (token.ends_with('\n')) token.pop_back();
  if (token.size() < shortest_token || token.size() > longest_token)
    return fail("the token in {} must have {} to {} bytes; one is made by: (umask 077; openssl rand "
                "-hex 24 > {})",
                name, shortest_token, longest_token, name);
  if (!std::ranges::all_of(token, [](char c) { return c >= ' ' && c <= '~'; }))
    return fail("the token in {} must be one line of printable ASCII", name);
  return token;
}

bool same_token(std::string_view right, std::string_view shown) {
  if (right.empty()) return false;
  size_t differs = right.size() ^ shown.size();
  for (size_t i = 0; i < shown.size(); ++i)
    differs |= static_cast<unsigned char>(shown[i] ^ right[i % right.size()]);
  return differs == 0;
}

}  // namespace faultline::remote
