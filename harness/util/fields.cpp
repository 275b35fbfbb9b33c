#include "harness/util/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

std::string escaped(std::string key) {
  std::string text;
  for (const char c : key) {
    if (c == '~')
      text += "~0";
    else if (c == '/')
      text += "~1";
    else
      text += c;
  }
  return text;
}

}  // namespace

std::string_view kind_of(const nlohmann::json& value) {
  if (value.is_string()) return "a string";
  if (value.is_boolean()) return "a boolean";
  if (value.is_number_integer()) return "an integer";
  if (value.is_number()) return "a number";
  if (value.is_array()) return "an array";
  if (value.is_object()) return "a table";
  return "nothing";
}

FieldResult<Nanos> duration_from(const nlohmann::json& value, const std::string& at) {
  if (value.is_string())
    if (const auto parsed = parse_duration(value.get<std::string>())) return *parsed;
  const std::string got =
      value.is_string() ? "'" + value.get<std::string>() + "'" : std::string(kind_of(value));
  return std::unexpected(FieldError{
      at, fmt::format("{} is not a duration; write one like \"63s\", \"200ms\" or \"2min\"", got)});
}

Fields::Fields(const nlohmann::json& object, std::string at)
    : object_(object), at_(std::move(at)) {
  if (!object.is_object())
    error_ = FieldError{at_, fmt::format("expected a table, got {}", kind_of(object))};
}

const nlohmann::json* Fields::find(const std::string& key) {
  if (std::ranges::find(asked_, key) == asked_.end()) asked_.push_back(key);
  if (error_) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

void Fields::wrong_type(const std::string& key, std::string_view wanted) {
  refuse(key, fmt::format("expected {}, got {}", wanted, kind_of(object_[key])));
}

std::optional<std::string> Fields::text(const std::string& key) {
  const auto* found = find(key);
  if (!found) return {};
  if (found->is_string()) return found->get<std::string>();
  wrong_type(key, "a string");
  return {};
}

std::optional<int64_t> Fields::integer(const std::string& key, int64_t least, int64_t most) {
  const auto* found = find(key);
  if (!found) return {};
  if (!found->is_number_integer()) {
    wrong_type(key, "an integer");
    return {};
  }
  const auto number = found->get<int64_t>();
  const bool fits = !found->is_number_unsigned() || std::in_range<int64_t>(found->get<uint64_t>());
  if (fits && number >= least && number <= most) return number;
  refuse(key, fmt::format("{} is out of range: it can be {} to {}", found->dump(), least, most));
  return {};
}

std::optional<bool> Fields::boolean(const std::string& key) {
  const auto* found = find(key);
  if (!found) return {};
  if (found->is_boolean()) return found->get<bool>();
  wrong_type(key, "true or false");
  return {};
}

std::optional<Nanos> Fields::duration(const std::string& key) {
  const auto* found = find(key);
  if (!found) return {};
  return take(duration_from(*found, pointer(key)));
}

std::optional<std::string> Fields::one_of(const std::string& key,
                                          std::span<const std::string> names) {
  auto name = text(key);
  if (!name || std::ranges::find(names, *name) != names.end()) return name;
  const std::string hint = did_you_mean(*name, names);
  refuse(key, hint.empty() ? fmt::format("'{}' is not one of {}", *name, fmt::join(names, ", "))
                           : fmt::format("unknown {} '{}'{}", key, *name, hint));
  return {};
}

std::vector<std::string> Fields::texts(const std::string& key) {
  const auto* found = array(key);
  std::vector<std::string> result;
  if (!found) return result;
  for (const auto& item : *found) {
    if (!item.is_string()) {
      refuse(FieldError{fmt::format("{}/{}", pointer(key), result.size()),
                        fmt::format("expected a string, got {}", kind_of(item))});
      return {};
    }
    result.push_back(item.get<std::string>());
  }
  return result;
}

const nlohmann::json* Fields::value(const std::string& key) { return find(key); }

const nlohmann::json* Fields::table(const std::string& key) {
  const auto* found = find(key);
  if (!found || found->is_object()) return found;
  wrong_type(key, "a table");
  return nullptr;
}

const nlohmann::json* Fields::array(const std::string& key) {
  const auto* found = find(key);
  if (!found || found->is_array()) return found;
  wrong_type(key, "an array");
  return nullptr;
}

bool Fields::has(const std::string& key) const {
  return object_.is_object() && object_.contains(key);
}

std::string Fields::pointer(const std::string& key) const { return at_ + "/" + escaped(key); }

void Fields::refuse(const std::string& key, std::string what) {
  refuse(FieldError{key.empty() ? at_ : pointer(key), std::move(what)});
}

void Fields::refuse(FieldError error) {
  if (!error_) error_ = std::move(error);
}

// A key that nobody knows explains best why another is missing: it comes before what is wrong with
// the table as a whole.
std::optional<FieldError> Fields::finish() {
  const bool about_a_field = error_ && (error_->at != at_ || !object_.is_object());
  if (about_a_field) return error_;
  for (const auto& [key, _] : object_.items()) {
    if (std::ranges::find(asked_, key) != asked_.end()) continue;
    const std::string hint = did_you_mean(key, asked_);
    return FieldError{
        pointer(key),
        hint.empty() ? fmt::format("unknown key '{}'; known here: {}", key, fmt::join(asked_, ", "))
                     : fmt::format("unknown key '{}'{}", key, hint),
        true};
  }
  return error_;
}

}  // namespace faultline
