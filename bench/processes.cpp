#include "bench/processes.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace faultline::bench {

// What is between the last ')' and the parent's number is the process's state.
std::multimap<pid_t, pid_t> children_of_all() {
  std::multimap<pid_t, pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::string stat;
    std::ifstream file(entry.path() / "stat");
    std::getline(file, stat);
    const size_t name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    children.emplace(std::stoi(stat.substr(name_end + 4)), std::stoi(name));
  }
  return children;
}

std::vector<pid_t> with_descendants(pid_t root, const std::multimap<pid_t, pid_t>& children) {
  std::vector<pid_t> all{root};
  for (size_t i = 0; i < all.size(); ++i)
    for (auto [one, end] = children.equal_range(all[i]); one != end; ++one)
      all.push_back(one->second);
  return all;
}

double pss_megabytes(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/smaps_rollup", pid));
  std::string word;
  double kilobytes = 0;
  while (file >> word)
    if (word == "Pss:") file >> kilobytes;
  return kilobytes / 1024;
}

double pss_megabytes(const std::vector<pid_t>& processes) {
  double sum = 0;
  for (const pid_t process : processes) sum += pss_megabytes(process);
  return sum;
}

}  // namespace faultline::bench
