#include "harness/case/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/case/document.hpp"
#include "harness/case/reading.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

using nlohmann::json;

std::vector<std::string> lines(Fields& fields, const std::string& key) {
  std::vector<std::string> result;
  const auto* list = fields.array(key);
  if (!list) return result;
  if (list->empty()) fields.refuse(key, fmt::format("'{}' is empty", key));
  for (size_t i = 0; i < list->size(); ++i)
    if (auto line =
            fields.take(line_from((*list)[i], fmt::format("{}/{}", fields.pointer(key), i))))
      result.push_back(std::move(*line));
  return result;
}

// A field that names one value of an enumeration whose `to_string` is known.
template <typename E, size_t N>
std::optional<E> choice(Fields& fields, const std::string& key, std::string_view noun,
                        const std::array<E, N>& values) {
  const auto* value = fields.value(key);
  if (!value) return {};
  std::vector<std::string> names;
  for (const E one : values) names.emplace_back(to_string(one));
  const auto name = fields.take(known(*value, fields.pointer(key), noun, names));
  if (!name) return {};
  return values[static_cast<size_t>(std::ranges::find(names, *name) - names.begin())];
}

void read_families(Fields& fields, Case& c) {
  static const std::vector<std::string> names{"ipv4", "ipv6"};
  const auto* list = fields.array("families");
  if (!list) return;
  c.families.clear();
  if (list->empty()) fields.refuse("families", "'families' is empty");
  for (size_t i = 0; i < list->size(); ++i) {
    const std::string at = fmt::format("{}/{}", fields.pointer("families"), i);
    const auto name = fields.take(known((*list)[i], at, "family", names));
    if (!name) return;
    const Family family = *name == "ipv4" ? Family::ipv4 : Family::ipv6;
    if (std::ranges::find(c.families, family) != c.families.end())
      fields.refuse(FieldError{at, fmt::format("'{}' is given twice", *name)});
    c.families.push_back(family);
  }
}

void check_claims(Fields& fields, const Case& c, const Claims& claims) {
  std::vector<std::string> ids;
  for (const auto& [id, _] : claims) ids.push_back(id);
  for (size_t i = 0; i < c.claims.size() && !fields.failed(); ++i)
    if (!claims.contains(c.claims[i]))
      fields.refuse(FieldError{fmt::format("{}/{}", fields.pointer("claims"), i),
                               fmt::format("no claim of the suite has the id '{}'{}", c.claims[i],
                                           did_you_mean(c.claims[i], ids))});
}

void read_head(Fields& fields, Case& c) {
  using enum Level;
  if (const auto* title = fields.value("title"))
    c.title = fields.take(line_from(*title, fields.pointer("title"))).value_or("");
  c.about = choice(fields, "about", "end", std::array{About::client, About::server, About::both})
                .value_or(c.about);
  c.level =
      choice(fields, "level", "level", std::array{must, should, may, documented, endurance}).value_or(c.level);
  c.spec = lines(fields, "spec");
  c.claims = lines(fields, "claims");
  c.slow = fields.boolean("slow").value_or(c.slow);
  read_families(fields, c);
}

// Each table of an array of tables, with its number from 1.
template <typename Read>
void each(Fields& fields, const std::string& key, Read read) {
  const auto* list = fields.array(key);
  for (size_t i = 0; list && i < list->size() && !fields.failed(); ++i)
    read((*list)[i], fmt::format("{}/{}", fields.pointer(key), i), i + 1);
}

void read_body(Fields& fields, Case& c, Reading& reading) {
  for (const End end : both_ends) {
    const std::string key(to_string(end));
    EndSetup& setup = c.ends[index(end)];
    if (const auto* value = fields.value(key))
      if (auto read = fields.take(setup_from(*value, fields.pointer(key), setup)))
        setup = std::move(*read);
  }
  each(fields, "rule", [&](const json& value, const std::string& at, size_t number) {
    if (auto rule = fields.take(rule_from(value, at, number, reading)))
      c.rules.push_back(std::move(*rule));
  });
  each(fields, "step", [&](const json& value, const std::string& at, size_t number) {
    if (auto step = fields.take(step_from(value, at, number, reading)))
      c.steps.push_back(std::move(*step));
  });
  if (const auto* value = fields.value("expect"))
    if (auto list = fields.take(expectations_from(*value, fields.pointer("expect"), reading)))
      c.expectations = std::move(*list);
}

}  // namespace

std::expected<Case, CaseError> read_case(std::string text, std::string file, std::string id,
                                         std::span<const FaultKind> faults,
                                         const Claims* claims) {
  Case c{.id = std::move(id), .file = std::move(file), .text = std::move(text)};
  const auto document = Document::parse(c.text, c.file);
  if (!document) return std::unexpected(document.error());
  Fields fields(document->root(), "");
  Reading reading{*document, faults, {}};
  read_head(fields, c);
  if (claims) check_claims(fields, c, *claims);
  read_body(fields, c, reading);
  auto error = finish(fields, {"title", "about", "level", "spec"});
  if (!error) error = inconsistency(c, reading);
  if (error) return std::unexpected(document->error(*error));
  return c;
}

}  // namespace faultline
