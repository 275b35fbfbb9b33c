#include "harness/gtest/names.hpp"

namespace faultline {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Whatever is between words becomes one underscore.
std::string plain(const std::string& text) {
  std::string name;
  for (const char c : text) {
    if (is_plain(c))
      name += c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (name.ends_with('_')) name.pop_back();
  return name;
}

}  // namespace

TestName test_name(const std::string& variant, std::set<std::string>& taken) {
  const size_t slash = variant.rfind('/', variant.rfind('['));
  TestName name{.suite = plain(slash == variant.npos ? "" : variant.substr(0, slash)),
                .test = plain(slash == variant.npos ? variant : variant.substr(slash + 1))};
  if (name.suite.empty()) name.suite = "cases";
  const std::string first = name.test;
  for (int n = 2; !taken.insert(name.suite + "." + name.test).second; ++n)
    name.test = first + "_" + std::to_string(n);
  return name;
}

}  // namespace faultline
