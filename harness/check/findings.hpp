// What a check of a driver has found, line by line.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::check {

enum class Verdict : uint8_t {
  ok,
  unsupported,  // the driver says that it cannot, as it may
  missing,      // nothing came of what the protocol promises
  broken,       // something else came
};

struct Finding {
  Verdict verdict = Verdict::ok;
  std::string what;         // "calls: accept [ipv4]"
  std::string wanted, got;  // of an `ok` empty; of `unsupported` the driver's reason is in `got`
};

// "BROKEN       errors: close of an unknown name: wanted EBADF, got {}"
[[nodiscard]] std::string to_string(const Finding& finding);

class Findings {
 public:
  // `on_finding` is told of each as it is made.
  explicit Findings(std::function<void(const Finding&)> on_finding)
      : on_finding_(std::move(on_finding)) {}

  // What is found from now on is about this topic.
  void topic(std::string topic) { topic_ = std::move(topic); }
  void add(Verdict verdict, std::string what, std::string wanted = "", std::string got = "");

  [[nodiscard]] const std::vector<Finding>& all() const { return all_; }
  // Nothing is broken or missing, and something was looked at.
  [[nodiscard]] bool clean() const;
  // "97 ok, 3 unsupported, 1 missing, 0 broken"
  [[nodiscard]] std::string summary() const;

 private:
  [[nodiscard]] size_t count(Verdict verdict) const;

  std::function<void(const Finding&)> on_finding_;
  std::string topic_;
  std::vector<Finding> all_;
};

}  // namespace faultline::check
