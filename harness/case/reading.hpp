// What the parts of the reader share. Private to this folder.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case/case.hpp"
#include "harness/case/document.hpp"
#include "harness/case/reader.hpp"
#include "harness/util/fields.hpp"

namespace faultline {

// A name that one part of a case uses and another must define. Checked once everything is read.
struct Mention {
  enum class Of : uint8_t { connection, call, background_call, rule, step };
  Of of;
  std::string name;
  std::string at;    // JSON pointer
  bool key = false;  // the name is in the key there
};

struct Reading {
  const Document& document;
  std::span<const FaultKind> faults;
  std::vector<Mention> mentions;

  [[nodiscard]] int line(const std::string& at) const { return document.place(at).value.line; }
  void mention(Mention::Of of, std::string name, std::string at, bool key = false) {
    mentions.push_back({of, std::move(name), std::move(at), key});
  }
  // `selector_from`, and the connection that it names.
  [[nodiscard]] FieldResult<Selector> selector(const nlohmann::json& value, const std::string& at);
};

// The parts, each at its JSON pointer.
[[nodiscard]] FieldResult<EndSetup> setup_from(const nlohmann::json& value, const std::string& at,
                                               EndSetup defaults);
[[nodiscard]] FieldResult<Rule> rule_from(const nlohmann::json& value, const std::string& at,
                                          size_t number, Reading& reading);
[[nodiscard]] FieldResult<Step> step_from(const nlohmann::json& value, const std::string& at,
                                          size_t number, Reading& reading);
[[nodiscard]] FieldResult<std::vector<Expectation>> expectations_from(const nlohmann::json& value,
                                                                      const std::string& at,
                                                                      Reading& reading);
[[nodiscard]] FieldResult<TimeSpec> time_spec_from(const nlohmann::json& value,
                                                   const std::string& at);
// "timer:NAME" to NAME; nothing where the value is no such string.
[[nodiscard]] FieldResult<std::optional<std::string>> timer_from(const nlohmann::json& value,
                                                                 const std::string& at);
[[nodiscard]] FieldResult<Moment> moment_from(const nlohmann::json& value, const std::string& at,
                                              Reading& reading);
// The key of an end: "client", "server:two".
[[nodiscard]] FieldResult<ConnectionEnd> connection_end_from(const std::string& key,
                                                             const std::string& at);

// A regular file of at most `Document::max_size` bytes, and one byte more where it is larger.
[[nodiscard]] std::expected<std::string, CaseError> read_file(const std::filesystem::path& path);

// What only the whole shows: names that nothing defines, a call on a socket that nobody opened.
[[nodiscard]] std::optional<FieldError> inconsistency(const Case& the_case, const Reading& reading);

// Small tools.

[[nodiscard]] inline std::unexpected<FieldError> refuse(std::string at, std::string what) {
  return std::unexpected(FieldError{std::move(at), std::move(what)});
}
[[nodiscard]] inline std::unexpected<FieldError> refuse_key(std::string at, std::string what) {
  return std::unexpected(FieldError{std::move(at), std::move(what), true});
}
// The error of `fields`, or the first of `required` that is not there.
[[nodiscard]] std::optional<FieldError> finish(Fields& fields,
                                               std::initializer_list<const char*> required);
// The string `name` if it is one of `names`; `noun` says in the error what it should be.
[[nodiscard]] FieldResult<std::string> known(const nlohmann::json& name, const std::string& at,
                                             std::string_view noun,
                                             std::span<const std::string> names);
// Text that goes on one line of a report.
[[nodiscard]] FieldResult<std::string> line_from(const nlohmann::json& value,
                                                 const std::string& at);
// A name that a user gives to a rule, step, socket or connection: letters, digits, '-', '_' and
// '.', at most 64 of them.
[[nodiscard]] FieldResult<std::string> name_from(const nlohmann::json& value,
                                                 const std::string& at);
// The field as such a name, or `fallback` where it is absent.
[[nodiscard]] std::string name_or(Fields& fields, const std::string& key, std::string fallback);
// The keys of `object` that are among `keys`.
[[nodiscard]] std::vector<std::string> given(const Fields& fields,
                                             std::initializer_list<const char*> keys);

}  // namespace faultline
