#include "stacks/linux/request.hpp"

#include "harness/drive/protocol.hpp"

namespace faultline::linux_driver {

std::optional<std::string> Request::text(const char* key) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get<std::string>();
  refuse(key, "a string");
  return {};
}

std::optional<int64_t> Request::integer(const char* key, int64_t least, int64_t most) {
  const nlohmann::json* value = find(key);
  if (value == nullptr) return {};
  // A number beyond int64_t is unsigned in JSON and would wrap.
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() || value->get<uint64_t>() <= INT64_MAX);
  if (fits && value->get<int64_t>() >= least && value->get<int64_t>() <= most) {
    return value->get<int64_t>();
  }
  refuse(key, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  return {};
}

std::string Request::need_text(const char* key) {
  const std::optional<std::string> value = text(key);
  require(key, value.has_value());
  return value.value_or("");
}

int64_t Request::need_integer(const char* key, int64_t least, int64_t most) {
  const std::optional<int64_t> value = integer(key, least, most);
  require(key, value.has_value());
  return value.value_or(least);
}

std::string Request::need_name(const char* key) {
  std::string name = need_text(key);
  if (name.empty() || name.size() > protocol::max_name) refuse(key, "a name of 1 to 64 bytes");
  return name;
}

uint64_t Request::need_seed() {
  const nlohmann::json* value = find("seed");
  if (value != nullptr && value->is_number_unsigned()) return value->get<uint64_t>();
  refuse("seed", "an unsigned integer");
  return 0;
}

nlohmann::json Request::options() {
  const nlohmann::json* value = find("options");
  if (value != nullptr && value->is_object()) return *value;
  if (value != nullptr) refuse("options", "an object");
  return nlohmann::json::object();
}

const nlohmann::json* Request::find(const char* key) const {
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

void Request::refuse(const char* key, const std::string& wanted) {
  if (!refusal_) refusal_ = refused("EINVAL", std::string(key) + " must be " + wanted);
}

void Request::require(const char* key, bool there) {
  if (!there && !refusal_) refusal_ = refused("EINVAL", std::string(key) + " is missing");
}

}  // namespace faultline::linux_driver
