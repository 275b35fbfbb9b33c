// The parameters of one request, read strictly: the first one that is wrong makes the refusal.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "stacks/linux/answer.hpp"

namespace faultline::linux_driver {

class Request {
 public:
  // `object` is a JSON object and must outlive this.
  explicit Request(const nlohmann::json& object) : object_(object) {}

  // Each returns nothing (or a harmless value) after a refusal. `need_…`: absence is one too.
  [[nodiscard]] std::optional<std::string> text(const char* key);
  [[nodiscard]] std::optional<int64_t> integer(const char* key, int64_t least, int64_t most);
  [[nodiscard]] std::string need_text(const char* key);
  [[nodiscard]] int64_t need_integer(const char* key, int64_t least, int64_t most);
  // A socket's name: 1 to 64 bytes.
  [[nodiscard]] std::string need_name(const char* key);
  // The stream's seed: any unsigned 64-bit number.
  [[nodiscard]] uint64_t need_seed();
  // The `options` member; an empty object where there is none.
  [[nodiscard]] nlohmann::json options();

  // Records the caller's own refusal: "<key> must be <wanted>".
  void refuse(const char* key, const std::string& wanted);
  [[nodiscard]] const std::optional<Answer>& refusal() const { return refusal_; }

 private:
  const nlohmann::json* find(const char* key) const;
  void require(const char* key, bool there);

  const nlohmann::json& object_;
  std::optional<Answer> refusal_;
};

}  // namespace faultline::linux_driver
