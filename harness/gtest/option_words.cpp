#include "harness/gtest/option_words.hpp"

namespace faultline {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  Result<std::vector<std::string>> all() {
    while (skip_blanks()) {
      std::string word;
      while (!rest_.empty() && !is_blank(rest_.front()))
        if (const auto taken = take_part(word); !taken) return std::unexpected(taken.error());
      words_.push_back(std::move(word));
    }
    return std::move(words_);
  }

 private:
  // False where nothing follows.
  bool skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
    return !rest_.empty();
  }

  char next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  Result<void> take_part(std::string& word) {
    const std::string_view from = rest_;
    const char c = next();
    if (c == '\'' || c == '"') return take_quoted(c, from, word);
    if (c == '\\' && rest_.empty()) return fail("nothing follows the backslash at the end");
    word += c == '\\' ? next() : c;
    return {};
  }

  Result<void> take_quoted(char quote, std::string_view from, std::string& word) {
    while (!rest_.empty()) {
      const char c = next();
      if (c == quote) return {};
      const bool escapes = quote == '"' && c == '\\' && !rest_.empty() &&
                           (rest_.front() == '"' || rest_.front() == '\\');
      word += escapes ? next() : c;
    }
    return fail("a quote is not closed: {}", from);
  }

  std::string_view rest_;
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> option_words(std::string_view text) {
  return Words(text).all();
}

}  // namespace faultline
