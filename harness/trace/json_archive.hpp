// One description of a type's fields, used in both directions. A type is described by
//
//   template <class Archive> void fields(Archive& a, StateEvent& e) {
//     a("time", e.time);           // always there
//     a.maybe("name", e.name);     // left out where it is absent, empty, or at its usual value
//   }
//
// in its own namespace (a named one: it is found by its arguments); `Out` makes JSON of it, `In`
// reads it back strictly (harness/util/fields.hpp). For the .cpp of a JSON format only: it includes
// all of nlohmann.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/tcp/seq.hpp"
#include "harness/util/fields.hpp"

namespace faultline::archive {

using Json = nlohmann::ordered_json;
// What is wrong with a value; `at` is relative to it. None: nothing.
using Problem = std::optional<FieldError>;

[[nodiscard]] inline FieldError problem(std::string what) {
  return FieldError{"", std::move(what)};
}
[[nodiscard]] inline FieldError wrong_type(std::string_view wanted, const nlohmann::json& got) {
  return problem(fmt::format("expected {}, got {}", wanted, kind_of(got)));
}

// A text that can only be one of a few.
struct OneOf {
  std::string& text;
  std::initializer_list<std::string_view> words;
};
[[nodiscard]] inline std::string to_string(const OneOf& word) {
  return word.text;
}
[[nodiscard]] inline bool from_word(const std::string& text, OneOf& out) {
  out.text = text;
  return std::ranges::find(out.words, text) != out.words.end();
}

// Only ever reads the values that it is given.
class Out {
 public:
  Json json = Json::object();

  template <class T>
  void operator()(const char* key, T& value) {
    json[key] = put(value);
  }
  template <class T>
  void maybe(const char* key, T& value, const std::type_identity_t<T>& usual = T{}) {
    if (value != usual) json[key] = put(value);
  }
  template <class T>
  void maybe(const char* key, std::optional<T>& value) {
    if (value) json[key] = put(*value);
  }
  template <class T>
  void maybe(const char* key, std::vector<T>& list) {
    if (!list.empty()) json[key] = put(list);
  }

 private:
  static Json put(bool value) { return value; }
  static Json put(double value) { return value; }
  static Json put(std::integral auto value) { return value; }
  static Json put(const std::string& value) { return value; }
  static Json put(Seq value) { return value.raw(); }
  static Json put(Nanos value) { return value.count(); }
  static Json put(std::vector<std::byte>& bytes) {
    std::string hex;
    for (const std::byte b : bytes) fmt::format_to(std::back_inserter(hex), "{:02x}", b);
    return hex;
  }
  static Json put(const std::map<std::string, std::string>& map) {
    Json object = Json::object();
    for (const auto& [key, value] : map) object[key] = value;
    return object;
  }
  template <class T>
  static Json put(std::vector<T>& list) {
    Json array = Json::array();
    for (T& item : list) array.push_back(put(item));
    return array;
  }
  // Types that are one word: `to_string(T)`, and for reading `from_word(text, T&)`.
  template <class T>
  requires requires(const T& t, T& out) { from_word(std::string(), out); }
  static Json put(const T& value) { return std::string(to_string(value)); }
  template <class T>
  requires requires(Out& a, T& t) { fields(a, t); }
  static Json put(T& value) {
    Out nested;
    fields(nested, value);
    return std::move(nested.json);
  }
};

class In {
 public:
  // `object` must outlive this.
  explicit In(const nlohmann::json& object) : fields_(object, "") {}

  template <class T>
  void operator()(const char* key, T& value) {
    const auto* found = fields_.value(key);
    if (found)
      take(key, get(*found, value));
    else
      fields_.refuse("", fmt::format("key '{}' is missing", key));
  }
  template <class T>
  void maybe(const char* key, T& value, const std::type_identity_t<T>& usual = T{}) {
    value = usual;
    if (const auto* found = fields_.value(key)) take(key, get(*found, value));
  }
  // The raw value, or null; counts as known.
  [[nodiscard]] const nlohmann::json* value(const char* key) { return fields_.value(key); }
  void take(const std::string& key, Problem p) {
    if (p) fields_.refuse(FieldError{fields_.pointer(key) + p->at, std::move(p->what), p->key});
  }
  [[nodiscard]] Problem finish() { return fields_.finish(); }

 private:
  static Problem get(const nlohmann::json& json, bool& value) {
    if (!json.is_boolean()) return wrong_type("true or false", json);
    value = json.get<bool>();
    return {};
  }
  static Problem get(const nlohmann::json& json, double& value) {
    if (!json.is_number()) return wrong_type("a number", json);
    value = json.get<double>();
    return {};
  }
  template <std::integral T>
  static Problem get(const nlohmann::json& json, T& value) {
    if (!json.is_number_integer()) return wrong_type("an integer", json);
    const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<uint64_t>())
                                                : std::in_range<T>(json.get<int64_t>());
    using Limits = std::numeric_limits<T>;
    if (!fits)
      return problem(fmt::format("{} is out of range: it can be {} to {}", json.dump(),
                                 Limits::min(), Limits::max()));
    value = json.get<T>();
    return {};
  }
  static Problem get(const nlohmann::json& json, Seq& value) {
    uint32_t raw = 0;
    auto p = get(json, raw);
    value = Seq(raw);
    return p;
  }
  static Problem get(const nlohmann::json& json, std::string& value) {
    if (!json.is_string()) return wrong_type("a string", json);
    value = json.get_ref<const std::string&>();
    return {};
  }
  static Problem get(const nlohmann::json& json, Nanos& value) {
    constexpr Nanos::rep most = Nanos(10 * 365 * 24h).count();
    Nanos::rep count = 0;
    if (auto p = get(json, count)) return p;
    if (count < -most || count > most)
      return problem(fmt::format("{} ns is more than ten years", count));
    value = Nanos(count);
    return {};
  }
  static Problem get(const nlohmann::json& json, std::vector<std::byte>& bytes) {
    std::string hex;
    if (auto p = get(json, hex)) return p;
    if (hex.size() % 2 != 0) return problem("expected hex, two digits a byte");
    bytes.resize(hex.size() / 2);
    for (size_t i = 0; i < bytes.size(); ++i) {
      const char* const digits = hex.data() + 2 * i;
      uint8_t byte = 0;
      if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
        return problem("expected hex, two digits a byte");
      bytes[i] = std::byte{byte};
    }
    return {};
  }
  static Problem get(const nlohmann::json& json, std::map<std::string, std::string>& map) {
    if (!json.is_object()) return wrong_type("a table", json);
    Fields items(json, "");
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string())
        return FieldError{items.pointer(key), wrong_type("a string", value).what};
      map[key] = value.get<std::string>();
    }
    return {};
  }
  template <class T>
  static Problem get(const nlohmann::json& json, std::optional<T>& value) {
    return get(json, value.emplace());
  }
  template <class T>
  static Problem get(const nlohmann::json& json, std::vector<T>& list) {
    if (!json.is_array()) return wrong_type("an array", json);
    list.resize(json.size());
    for (size_t i = 0; i < list.size(); ++i)
      if (auto p = get(json[i], list[i])) {
        p->at = fmt::format("/{}{}", i, p->at);
        return p;
      }
    return {};
  }
  template <class T>
  requires requires(T& out) { from_word(std::string(), out); }
  static Problem get(const nlohmann::json& json, T& value) {
    std::string word;
    if (auto p = get(json, word)) return p;
    if (from_word(word, value)) return {};
    return problem(fmt::format("'{:.40}' is not known here", word));
  }
  template <class T>
  requires requires(In& a, T& t) { fields(a, t); }
  static Problem get(const nlohmann::json& json, T& value) {
    In nested(json);
    fields(nested, value);
    return nested.finish();
  }

  Fields fields_;
};

}  // namespace faultline::archive
