// A TOML text as JSON, with the place of every key and value.
#pragma once

#include <expected>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/case/case_error.hpp"
#include "harness/util/fields.hpp"

namespace faultline {

class Document {
 public:
  static constexpr size_t max_size = 1 << 20;  // bytes
  // Tables and arrays inside each other. (A case needs 5.)
  static constexpr int max_depth = 32;

  // Refused: what is no TOML, is larger or nested deeper than the bounds, or has a date or a time.
  // `text` must outlive the document.
  [[nodiscard]] static std::expected<Document, CaseError> parse(std::string_view text,
                                                                std::string file);

  [[nodiscard]] const nlohmann::json& root() const { return root_; }

  struct Position {
    int line = 1, column = 1;
  };
  struct Place {
    Position key, value;  // an element of an array has no key: both are the value's
  };
  // Where the value at this JSON pointer stands; where there is none, the nearest table or array
  // around it.
  [[nodiscard]] Place place(std::string_view pointer) const;
  [[nodiscard]] CaseError error(const FieldError& error) const;

 private:
  std::string_view text_;
  std::string file_;
  nlohmann::json root_ = nlohmann::json::object();
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace faultline
