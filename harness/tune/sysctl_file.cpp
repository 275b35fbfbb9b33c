#include "harness/tune/sysctl_file.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>
#include <set>

#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

constexpr size_t most_errors = 50;  // of something that is no such file at all
constexpr std::string_view prefix = "net.ipv4.";
constexpr std::string_view tcp = "net.ipv4.tcp_";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\v\f";
  const size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// Where the first separator is a slash, slashes separate and dots are part of a name.
std::string dotted(std::string_view key) {
  std::string name(key);
  const size_t first = name.find_first_of("./");
  if (first == std::string::npos || name[first] == '.') return name;
  for (char& c : name) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return name;
}

struct Number {
  int64_t value = 0;
  bool more = false;  // something stands after it
};

// proc_get_long() and simple_strtoul() with base 0. Nothing where the kernel sees no number, or one
// that is no int anyway.
std::optional<Number> kernel_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  int base = 10;
  if (text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x' && std::isxdigit(text[2])) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  Number number;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number.value, base);
  if (error == std::errc::result_out_of_range) number.value = std::numeric_limits<int64_t>::max();
  if (end == text.data() || text.starts_with('-')) return {};
  const auto rest = text.substr(static_cast<size_t>(end - text.data()));
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return {};
  if (negative) number.value = -number.value;
  number.more = !rest.empty();
  return number;
}

bool is_pattern(std::string_view key) {
  return key.find_first_of("*?[") != std::string_view::npos;
}

// A pattern's '*' stays within one part of a name, as in a path.
bool matches(std::string pattern, std::string key) {
  std::ranges::replace(pattern, '.', '/');
  std::ranges::replace(key, '.', '/');
  return fnmatch(pattern.c_str(), key.c_str(), FNM_PATHNAME) == 0;
}

std::span<const std::string> timer_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> all;
    for (const TcpSysctl& sysctl : timer_sysctls()) all.push_back(sysctl.key);
    return all;
  }();
  return keys;
}

// Why no kernel has this key although it looks like one of TCP's, or "".
std::string unknown(const std::string& key) {
  if (key == "net.ipv4.tcp_tw_recycle")
    return "Linux 4.12 has removed tcp_tw_recycle: it broke connections from behind NAT";
  const std::string name = key.substr(key.rfind('.') + 1);
  const bool in_place = key == std::string(prefix) + name;
  if (is_tcp_sysctl(name))
    return in_place ? ""
                    : fmt::format("there is no sysctl '{}': it is {}{}, for IPv6 too", key, prefix,
                                  name);
  const std::string near = nearest(key, timer_keys());
  if (key.starts_with(tcp) || (key.starts_with(prefix) && !near.empty()))
    return fmt::format("no kernel has a sysctl '{}'{}", key, did_you_mean(key, timer_keys()));
  return "";
}

class Reader {
 public:
  explicit Reader(int hz) : hz_(hz) {}

  void read(const NamedText& file) {
    file_ = &file;
    files_.names.push_back(file.file);
    line_ = 0;
    std::string_view rest = file.text;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      ++line_;
      read_line(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  std::expected<SysctlFiles, std::vector<CaseError>> result() {
    apply_patterns();
    if (!errors_.empty()) return std::unexpected(std::move(errors_));
    return std::move(files_);
  }

 private:
  struct Line {
    std::string key;
    std::string_view value;
    size_t key_at = 0, value_at = 0;  // bytes from the line's beginning
    bool may_fail = false;
  };

  void read_line(std::string_view text) {
    const std::string_view content = trimmed(text);
    if (content.empty() || content.front() == '#' || content.front() == ';') return;
    Line line{.key_at = static_cast<size_t>(content.data() - text.data())};
    line.may_fail = content.front() == '-';
    if (line.may_fail) ++line.key_at;
    const size_t equals = text.find('=', line.key_at);
    line.key = dotted(trimmed(text.substr(line.key_at, equals - line.key_at)));
    if (equals == std::string_view::npos) return without_value(text, line);
    line.value = trimmed(text.substr(equals + 1));
    line.value_at =
        line.value.empty() ? equals + 1 : static_cast<size_t>(line.value.data() - text.data());
    if (line.key.empty()) return refuse(text, line.key_at, "there is no key before the '='");
    take(text, line);
  }

  void without_value(std::string_view text, const Line& line) {
    if (line.may_fail && !line.key.empty())
      excluded_.insert(line.key);
    else
      refuse(text, line.key_at, "this is no setting; write one as 'key = value'");
  }

  void take(std::string_view text, const Line& line) {
    if (is_pattern(line.key)) return take_pattern(text, line);
    const TcpSysctl* sysctl = find_timer_sysctl(line.key);
    if (!sysctl) return take_other(text, line);
    if (const auto value = value_of(text, line, *sysctl)) set(*sysctl, *value, here(), line.value);
  }

  void take_other(std::string_view text, const Line& line) {
    const std::string why = unknown(line.key);
    if (!why.empty() && !line.may_fail) return refuse(text, line.key_at, why);
    files_.not_looked_at.push_back({line.key, std::string(line.value), here()});
    if (!why.empty()) remark("{}; the '-' hides that", why);
  }

  void take_pattern(std::string_view text, const Line& line) {
    bool any = false;
    for (const TcpSysctl& sysctl : timer_sysctls()) {
      if (!matches(line.key, sysctl.key)) continue;
      any = true;
      if (const auto value = value_of(text, line, sysctl))
        patterns_.push_back({sysctl.key, *value, here()});
    }
    if (!any) files_.not_looked_at.push_back({line.key, std::string(line.value), here()});
  }

  // What the kernel makes of it; nothing where it refuses it, which has been told.
  std::optional<std::string> value_of(std::string_view text, const Line& line,
                                      const TcpSysctl& sysctl) {
    const int64_t most = greatest(sysctl, hz_);
    const auto number = kernel_number(line.value);
    if (number && number->value >= sysctl.least && number->value <= most) {
      if (number->more)
        remark(
            "the kernel takes the {} and ignores what stands after it; a comment needs a line "
            "of its own",
            number->value);
      return std::to_string(number->value);
    }
    const std::string allowed =
        fmt::format("{} is {} from {} to {}", sysctl.name(),
                    sysctl.seconds ? "a number of seconds" : "a number", sysctl.least, most);
    const std::string why = line.value.empty() ? "there is no value: " + allowed
                            : number ? fmt::format("{} is out of range: {}", number->value, allowed)
                                     : fmt::format("'{}' is no number: {}", line.value, allowed);
    if (line.may_fail)
      remark("{}; the '-' hides that the kernel refuses it, and {} stays what it was", why,
             sysctl.name());
    else
      refuse(text, line.value_at, why);
    return {};
  }

  void set(const TcpSysctl& sysctl, const std::string& value, const Place& place,
           std::string_view written) {
    if (written.starts_with('0') && written != "0" && written != value)
      remark("the kernel reads {} as {}", written, value);
    const auto former = files_.settings.find(sysctl.key);
    if (former != files_.settings.end() && former->second.value != value)
      remark("overrides {} = {} of {}", sysctl.name(), former->second.value,
             to_string(former->second.place));
    files_.settings[sysctl.key] = {sysctl.key, value, place};
  }

  void apply_patterns() {
    std::set<std::string> by_name;
    for (const auto& [key, _] : files_.settings) by_name.insert(key);
    for (Setting& setting : patterns_)
      if (!by_name.contains(setting.key) && !excluded_.contains(setting.key))
        files_.settings[setting.key] = std::move(setting);
  }

  [[nodiscard]] Place here() const { return {file_->file, line_}; }

  template <typename... Args>
  void remark(fmt::format_string<Args...> format, Args&&... args) {
    files_.remarks.push_back({here(), fmt::format(format, std::forward<Args>(args)...)});
  }

  void refuse(std::string_view line, size_t at, std::string_view what) {
    if (errors_.size() == most_errors) return;
    int column = 1;  // in characters
    for (const char c : line.substr(0, at))
      if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++column;
    errors_.push_back(error_at(file_->text, file_->file, line_, column, what));
  }

  int hz_;
  const NamedText* file_ = nullptr;
  int line_ = 0;
  SysctlFiles files_;
  std::vector<Setting> patterns_;
  std::set<std::string> excluded_;
  std::vector<CaseError> errors_;
};

}  // namespace

std::string to_string(const Place& place) {
  return place.line == 0 ? place.file : fmt::format("{}:{}", place.file, place.line);
}

bool is_before(const Place& a, const Place& b, const SysctlFiles& files) {
  if (a.file == b.file) return a.line < b.line;
  return std::ranges::find(files.names, a.file) < std::ranges::find(files.names, b.file);
}

std::expected<SysctlFiles, std::vector<CaseError>> read_sysctl_files(
    const std::vector<NamedText>& files, int hz) {
  Reader reader(hz);
  for (const NamedText& file : files) reader.read(file);
  return reader.result();
}

}  // namespace faultline
