#include "harness/case/document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <optional>

namespace faultline {
namespace {

using nlohmann::json;
using Places = std::map<std::string, Document::Place, std::less<>>;

// Dots on one line. Each dot of a dotted key is a level of tables, and toml++ 3.3 frees tables
// recursively: it bounds values inside values (256) but not dotted keys. 256 times this is some
// 8,000 levels; a stack of 8 MiB was seen to hold 20,000.
constexpr int most_dots = 32;

// Every place is noted with its whole pointer: this bounds what a file of 1 MiB takes to some 100
// MB at worst. (A case's longest pointers have about 80 bytes.)
constexpr size_t longest_pointer = 512;

Document::Position position(const toml::source_region& region) {
  return {static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

// The line that has too many dots to be parsed, if there is one. Dots side by side ("...") are
// never a key's and do not count.
std::optional<int> line_with_too_many_dots(std::string_view text) {
  int line = 1, dots = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      dots = 0;
    } else if (text[i] == '.' && !text.substr(0, i).ends_with('.') && ++dots > most_dots) {
      return line;
    }
  }
  return {};
}

std::string sentence(std::string_view description) {
  constexpr std::string_view prefix = "Error while parsing ";
  if (!description.starts_with(prefix)) return fmt::format("bad TOML: {}", description);
  description.remove_prefix(prefix.size());
  const size_t colon = std::min(description.find(": "), description.size());
  return fmt::format("bad TOML ({}){}", description.substr(0, colon), description.substr(colon));
}

// Turns nodes into JSON and notes where they stood.
struct Converter {
  Places& places;
  std::optional<FieldError> error;

  json convert(const toml::node& node, const std::string& at, int depth) {
    if (error) return nullptr;
    if (at.size() > longest_pointer) return refuse(at, "the keys that lead here are too long");
    if (depth > Document::max_depth)
      return refuse(at, fmt::format("nested more than {} deep", Document::max_depth));
    if (const auto* table = node.as_table()) return object(*table, at, depth);
    if (const auto* array = node.as_array()) return list(*array, at, depth);
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return number->get();
    if (const auto* number = node.as_floating_point()) return number->get();
    if (const auto* boolean = node.as_boolean()) return boolean->get();
    return refuse(at, "a case has no dates and times of day; a duration is a string like \"5s\"");
  }

  json object(const toml::table& table, const std::string& at, int depth) {
    json result = json::object();
    for (const auto& [key, value] : table) {
      if (error) break;
      const std::string name(key.str());
      const std::string here = Fields(result, at).pointer(name);
      places[here] = {position(key.source()), position(value.source())};
      result[name] = convert(value, here, depth + 1);
    }
    return result;
  }

  json list(const toml::array& array, const std::string& at, int depth) {
    json result = json::array();
    for (const auto& value : array) {
      const std::string here = fmt::format("{}/{}", at, result.size());
      places[here] = {position(value.source()), position(value.source())};
      result.push_back(convert(value, here, depth + 1));
    }
    return result;
  }

  json refuse(const std::string& at, std::string what) {
    if (!error) error = FieldError{at, std::move(what)};
    return nullptr;
  }
};

}  // namespace

std::expected<Document, CaseError> Document::parse(std::string_view text, std::string file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.size() > max_size)
    return std::unexpected(
        error_at(text, std::move(file), 0, 0, "larger than 1 MiB: this is no case"));
  if (const auto line = line_with_too_many_dots(text))
    return std::unexpected(
        error_at(text, std::move(file), *line, 1,
                 fmt::format("more than {} dots on one line: break it up", most_dots)));
  Document document;
  document.text_ = text;
  document.file_ = std::move(file);
  try {
    const toml::table table = toml::parse(text);
    Converter converter{document.places_, {}};
    document.root_ = converter.convert(table, "", 0);
    if (converter.error) return std::unexpected(document.error(*converter.error));
  } catch (const toml::parse_error& error) {
    const Position at = position(error.source());
    return std::unexpected(error_at(text, std::move(document.file_), at.line, at.column,
                                    sentence(error.description())));
  }
  return document;
}

Document::Place Document::place(std::string_view pointer) const {
  for (;;) {
    if (const auto found = places_.find(pointer); found != places_.end()) return found->second;
    if (pointer.empty()) return {};
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

CaseError Document::error(const FieldError& error) const {
  const Place found = place(error.at);
  const Position at = error.key ? found.key : found.value;
  return error_at(text_, file_, at.line, at.column, error.what);
}

}  // namespace faultline
