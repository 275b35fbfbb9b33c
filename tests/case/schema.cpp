#include "tests/case/schema.hpp"

#include <regex.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace faultline::test {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  throw std::runtime_error("unknown type " + type);
}

// The patterns of the schema mean the same as POSIX extended expressions.
bool matches(const std::string& pattern, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, pattern.c_str(), REG_EXTENDED | REG_NOSUB) != 0)
    throw std::runtime_error("bad pattern " + pattern);
  const bool found = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return found;
}

class Walk {
 public:
  Walk(const json& root, const json& schema, const json& value, const std::string& at)
      : root_(root), schema_(schema), value_(value), at_(at) {}

  std::string run() {
    for (const auto& [keyword, argument] : schema_.items()) {
      const auto check = checks().find(keyword);
      if (check == checks().end()) throw std::runtime_error("unknown keyword " + keyword);
      if (auto why = (this->*check->second)(argument); !why.empty()) return why;
    }
    return {};
  }

 private:
  using Check = std::string (Walk::*)(const json&);
  static const std::map<std::string, Check>& checks() {
    static const std::map<std::string, Check> all{
        {"$schema", &Walk::nothing},
        {"title", &Walk::nothing},
        {"description", &Walk::nothing},
        {"definitions", &Walk::nothing},
        {"patternProperties", &Walk::nothing},     // read by `properties_`
        {"additionalProperties", &Walk::nothing},  // read by `properties_`
        {"$ref", &Walk::reference},
        {"type", &Walk::type},
        {"enum", &Walk::one_of_values},
        {"properties", &Walk::properties},
        {"required", &Walk::required},
        {"dependencies", &Walk::dependencies},
        {"minProperties", &Walk::min_properties},
        {"items", &Walk::items},
        {"minItems", &Walk::min_items},
        {"maxItems", &Walk::max_items},
        {"uniqueItems", &Walk::unique_items},
        {"minLength", &Walk::min_length},
        {"maxLength", &Walk::max_length},
        {"pattern", &Walk::pattern},
        {"minimum", &Walk::minimum},
        {"maximum", &Walk::maximum},
        {"allOf", &Walk::all_of},
        {"anyOf", &Walk::any_of},
        {"oneOf", &Walk::one_of},
        {"not", &Walk::no},
    };
    return all;
  }

  [[nodiscard]] std::string sub(const json& schema) const {
    return violation(root_, schema, value_, at_);
  }
  [[nodiscard]] std::string unless(bool good, const std::string& why) const {
    return good ? "" : at_ + ": " + why;
  }

  std::string nothing(const json&) { return {}; }
  std::string reference(const json& argument) {
    return sub(root_.at(json::json_pointer(argument.get<std::string>().substr(1))));
  }
  std::string type(const json& argument) {
    // An object whose keys are all patterns is looked at here, others with their `properties`.
    if (!has_type(value_, argument)) return unless(false, "no " + argument.get<std::string>());
    return argument == "object" && !schema_.contains("properties") ? properties(json::object())
                                                                   : "";
  }
  std::string one_of_values(const json& argument) {
    return unless(std::ranges::find(argument, value_) != argument.end(), "not in enum");
  }
  std::string properties(const json& argument) {
    if (!value_.is_object()) return {};
    const json patterns = schema_.value("patternProperties", json::object());
    for (const auto& [key, member] : value_.items()) {
      bool known = false;
      if (const auto found = argument.find(key); found != argument.end()) {
        known = true;
        if (auto why = violation(root_, *found, member, at_ + "/" + key); !why.empty()) return why;
      }
      for (const auto& [pattern, schema] : patterns.items()) {
        if (!matches(pattern, key)) continue;
        known = true;
        if (auto why = violation(root_, schema, member, at_ + "/" + key); !why.empty()) return why;
      }
      if (!known && schema_.value("additionalProperties", true) == false)
        return unless(false, "unknown key " + key);
    }
    return {};
  }
  std::string required(const json& argument) {
    if (!value_.is_object()) return {};
    for (const auto& key : argument)
      if (!value_.contains(key)) return unless(false, "lacks " + key.get<std::string>());
    return {};
  }
  std::string dependencies(const json& argument) {
    if (!value_.is_object()) return {};
    for (const auto& [key, schema] : argument.items()) {
      if (!value_.contains(key)) continue;
      auto why = schema.is_array() ? required(schema) : sub(schema);
      if (!why.empty()) return why + " (because of " + key + ")";
    }
    return {};
  }
  std::string min_properties(const json& argument) {
    return unless(!value_.is_object() || value_.size() >= argument, "too few keys");
  }
  std::string items(const json& argument) {
    if (!value_.is_array()) return {};
    for (size_t i = 0; i < value_.size(); ++i) {
      auto why = violation(root_, argument, value_[i], at_ + "/" + std::to_string(i));
      if (!why.empty()) return why;
    }
    return {};
  }
  std::string min_items(const json& argument) {
    return unless(!value_.is_array() || value_.size() >= argument, "too few items");
  }
  std::string max_items(const json& argument) {
    return unless(!value_.is_array() || value_.size() <= argument, "too many items");
  }
  std::string unique_items(const json& argument) {
    if (argument != true || !value_.is_array()) return {};
    return unless(std::set<json>(value_.begin(), value_.end()).size() == value_.size(), "twice");
  }
  [[nodiscard]] size_t characters() const {
    const auto text = value_.get<std::string>();
    return static_cast<size_t>(
        std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
  }
  std::string min_length(const json& argument) {
    return unless(!value_.is_string() || characters() >= argument, "too short");
  }
  std::string max_length(const json& argument) {
    return unless(!value_.is_string() || characters() <= argument, "too long");
  }
  std::string pattern(const json& argument) {
    return unless(!value_.is_string() || matches(argument, value_), "does not match the pattern");
  }
  std::string minimum(const json& argument) {
    return unless(!value_.is_number() || value_ >= argument, "too small");
  }
  std::string maximum(const json& argument) {
    return unless(!value_.is_number() || value_ <= argument, "too large");
  }
  std::string all_of(const json& argument) {
    for (const auto& schema : argument)
      if (auto why = sub(schema); !why.empty()) return why;
    return {};
  }
  [[nodiscard]] auto fitting(const json& argument) const {
    return std::ranges::count_if(argument, [&](const json& s) { return sub(s).empty(); });
  }
  std::string any_of(const json& argument) {
    return unless(fitting(argument) >= 1, "none of anyOf");
  }
  std::string one_of(const json& argument) {
    return unless(fitting(argument) == 1, "not one of oneOf");
  }
  std::string no(const json& argument) {
    return unless(!sub(argument).empty(), "is what not says");
  }

  const json& root_;
  const json& schema_;
  const json& value_;
  const std::string& at_;
};

}  // namespace

std::string violation(const json& root, const json& schema, const json& value,
                      const std::string& at) {
  return Walk(root, schema, value, at).run();
}

}  // namespace faultline::test
