// Strict reading of what a user wrote, once it is JSON: every key is asked for by name, a key that
// nobody asked for is an error with a suggestion. An error carries the JSON pointer of the value
// that is wrong, so that the reader of a file can turn it into line and column.
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/util/time.hpp"

namespace faultline {

struct FieldError {
  std::string at;    // JSON pointer, e.g. "/rule/0/match/flags"
  std::string what;  // a sentence without a full stop
  bool key = false;  // it is the key that is wrong, not its value
};
template <typename T>
using FieldResult = std::expected<T, FieldError>;

// Reads the fields of one object. The first error sticks; the getters then return nothing. Ask for
// every key that may be there, then call `finish()`.
class Fields {
 public:
  // `object` must outlive this. `at` is its JSON pointer.
  Fields(const nlohmann::json& object, std::string at);

  // Each returns nothing when the key is absent or there was an error; a wrong type is an error.
  [[nodiscard]] std::optional<std::string> text(const std::string& key);
  [[nodiscard]] std::optional<int64_t> integer(const std::string& key, int64_t least, int64_t most);
  [[nodiscard]] std::optional<bool> boolean(const std::string& key);
  [[nodiscard]] std::optional<Nanos> duration(const std::string& key);
  // One of `names`; the error suggests the nearest.
  [[nodiscard]] std::optional<std::string> one_of(const std::string& key,
                                                  std::span<const std::string> names);
  [[nodiscard]] std::vector<std::string> texts(const std::string& key);
  // The raw value, or null when it is absent.
  [[nodiscard]] const nlohmann::json* value(const std::string& key);
  // The same, required to be a table / an array.
  [[nodiscard]] const nlohmann::json* table(const std::string& key);
  [[nodiscard]] const nlohmann::json* array(const std::string& key);

  [[nodiscard]] bool has(const std::string& key) const;
  [[nodiscard]] std::string pointer(const std::string& key) const;  // JSON pointer of a field
  [[nodiscard]] const std::string& at() const { return at_; }

  // Records an error of the caller's own at this field (or at the object, for an empty key).
  void refuse(const std::string& key, std::string what);
  void refuse(FieldError error);
  // Takes the value out of a nested result, or records its error.
  template <typename T>
  std::optional<T> take(FieldResult<T> result) {
    if (result) return std::move(*result);
    refuse(std::move(result.error()));
    return {};
  }
  [[nodiscard]] bool failed() const { return error_.has_value(); }

  // The first error; where there was none, an unknown key is one.
  [[nodiscard]] std::optional<FieldError> finish();

 private:
  const nlohmann::json* find(const std::string& key);
  void wrong_type(const std::string& key, std::string_view wanted);

  const nlohmann::json& object_;
  std::string at_;
  std::vector<std::string> asked_;
  std::optional<FieldError> error_;
};

// "a string", "a number", … as the user would call it.
[[nodiscard]] std::string_view kind_of(const nlohmann::json& value);

// A duration as a user writes it. The sentence says what a duration looks like where it is none.
[[nodiscard]] FieldResult<Nanos> duration_from(const nlohmann::json& value, const std::string& at);

}  // namespace faultline
