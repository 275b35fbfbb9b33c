#include "harness/stack/stack.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <span>

#include "harness/case/document.hpp"
#include "harness/drive/protocol.hpp"
#include "harness/stack/known.hpp"
#include "harness/timers/models.hpp"
#include "harness/trace/file.hpp"
#include "harness/util/environment.hpp"
#include "harness/util/fields.hpp"
#include "harness/util/suggest.hpp"

namespace faultline {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::array<std::string, 3> attach_names{"kernel", "tun", "tap"};
const std::array<std::string, 3> source_names{"sock_diag", "driver", "none"};

// Which of `names`, in the order of its enum.
template <typename Enum>
std::optional<Enum> choice(Fields& fields, const std::string& key,
                           std::span<const std::string> names) {
  const auto name = fields.one_of(key, names);
  if (!name) return {};
  return static_cast<Enum>(std::ranges::find(names, *name) - names.begin());
}

void end(Fields& fields, Fields& parent, std::initializer_list<const char*> required) {
  for (const char* key : required)
    if (!fields.has(key)) fields.refuse("", fmt::format("'{}' is missing", key));
  if (auto error = fields.finish()) parent.refuse(std::move(*error));
}

void read_clock(const json& table, Fields& top, Stack& stack) {
  Fields fields(table, "/clock");
  const auto stamps = fields.one_of("stamps", std::array<std::string, 2>{"CLOCK_MONOTONIC", "own"});
  stack.monotonic = stamps != "own";
  const auto granule = fields.text("granule");
  const auto early = fields.duration("early");
  stack.ticks.reset();
  if (granule && *granule != "wheel") {
    const auto late = parse_duration(*granule);
    if (!late) fields.refuse("granule", "expected \"wheel\" or a duration like \"500ms\"");
    stack.ticks = Ticks{late.value_or(0ns), early.value_or(0ns)};
  }
  end(fields, top, {"stamps", "granule", "early"});
}

void read_states(const json& table, Fields& top, Stack& stack) {
  Fields fields(table, "/states");
  stack.states = choice<StateSource>(fields, "source", source_names).value_or(StateSource::none);
  end(fields, top, {"source"});
}

template <typename List>
void require_known(Fields& fields, const std::string& key, const std::vector<std::string>& named,
                   const List& known) {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const std::string& one : named)
    if (std::ranges::find(names, one) == names.end())
      fields.refuse(key, fmt::format("there is no '{}' in the driver protocol{}", one,
                                     did_you_mean(one, names)));
}

void read_supports(const json& table, Fields& top, Stack& stack) {
  Fields fields(table, "/supports");
  stack.families.clear();
  for (const std::string& family : fields.texts("families")) {
    if (family != "ipv4" && family != "ipv6")
      fields.refuse("families", "expected \"ipv4\" and \"ipv6\"");
    stack.families.push_back(family == "ipv6" ? Family::ipv6 : Family::ipv4);
  }
  stack.calls = fields.texts("calls");
  require_known(fields, "calls", stack.calls, protocol::calls);
  stack.options = fields.texts("options");
  std::vector<std::string_view> options(protocol::options.begin(), protocol::options.end());
  options.emplace_back("TCP_INFO");
  require_known(fields, "options", stack.options, options);
  stack.has_sysctls = fields.boolean("sysctls").value_or(false);
  end(fields, top, {"families", "calls", "options", "sysctls"});
}

void read_sysctl(const json& table, Fields& top, Stack& stack) {
  stack.sysctl.clear();
  for (const auto& [name, value] : table.items()) {
    if (!value.is_string()) return top.refuse({"/sysctl/" + name, "expected a string"});
    stack.sysctl[name.find('.') == name.npos ? "net.ipv4." + name : name] = value;
  }
}

void read_promises(const json& table, Fields& top, Stack& stack) {
  stack.promises.clear();
  for (const auto& [name, value] : table.items()) {
    const std::string at = "/timers/" + name;
    const auto models = model_names();
    if (std::ranges::find(models, name) == models.end())
      return top.refuse(
          {at, fmt::format("there is no timer model '{}'{}", name, did_you_mean(name, models)),
           true});
    Fields fields(value, at);
    TimerPromise promise{.timer = name};
    if (const json* gaps = fields.array("gaps"))
      for (size_t i = 0; i < gaps->size(); ++i)
        if (auto gap = fields.take(duration_from((*gaps)[i], fmt::format("{}/gaps/{}", at, i))))
          promise.gaps.push_back(*gap);
    promise.first = fields.duration("first").value_or(0ns);
    promise.end = fields.duration("ends");
    end(fields, top, {});
    stack.promises.push_back(std::move(promise));
  }
}

// The name in the "{name}" that opens at `at`; nothing: no placeholder opens there, as in "{}", in
// "{ print }" and in a shell's "${HOME}".
std::optional<std::string> placeholder(const std::string& word, size_t at) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  const size_t close = word.find('}', at);
  if (word[at] != '{' || close == word.npos || (at > 0 && word[at - 1] == '$')) return {};
  std::string name = word.substr(at + 1, close - at - 1);
  const bool is_name = name.starts_with("env:") || std::ranges::all_of(name, is_letter);
  return is_name && !name.empty() ? std::optional(std::move(name)) : std::nullopt;
}

void check_placeholders(Fields& top, const std::string& key, const std::vector<std::string>& words,
                        std::span<const std::string> known) {
  for (size_t i = 0; i < words.size(); ++i)
    for (size_t at = 0; at < words[i].size(); ++at) {
      const auto name = placeholder(words[i], at);
      if (!name || name->starts_with("env:") || std::ranges::find(known, *name) != known.end())
        continue;
      top.refuse({fmt::format("/{}/{}", key, i),
                  fmt::format("there is no '{{{}}}' in {}, only {{{}}} and {{env:NAME}}{}", *name,
                              key, fmt::join(known, "}, {"), did_you_mean(*name, known))});
    }
}

void check_commands(Fields& top, const Stack& stack) {
  if (top.has("build"))
    check_placeholders(top, "build", stack.build, std::array<std::string, 2>{"stack", "out"});
  if (!top.has("start")) return;
  const std::array<std::string, 3> of_start{"bin", "stack", "out"};
  check_placeholders(top, "start", stack.start, of_start);
  if (stack.start.empty()) top.refuse("start", "it has no command");
  for (size_t i = 0; i < stack.start.size() && stack.build.empty(); ++i)
    if (stack.start[i].find("{out}") != std::string::npos)
      top.refuse({fmt::format("/start/{}", i), "'{out}' is what 'build' makes, which is missing"});
}

// Reads over what `stack` has already.
void read_into(Stack& stack, Fields& top) {
  stack.name = top.text("name").value_or("");
  stack.title = top.text("title").value_or("");
  if (top.has("build")) stack.build = top.texts("build");
  if (top.has("start")) stack.start = top.texts("start");
  stack.attach = choice<Attach>(top, "attach", attach_names).value_or(stack.attach);
  if (const json* table = top.table("clock")) read_clock(*table, top, stack);
  if (const json* table = top.table("states")) read_states(*table, top, stack);
  if (const json* table = top.table("supports")) read_supports(*table, top, stack);
  if (const json* table = top.table("sysctl")) read_sysctl(*table, top, stack);
  if (const json* table = top.table("timers")) read_promises(*table, top, stack);
  for (const char* key : {"name", "title"})
    if (!top.has(key)) top.refuse("", fmt::format("'{}' is missing", key));
  for (const char* key : {"start", "attach", "clock", "states", "supports"})
    if (!top.has(key) && stack.like.empty()) top.refuse("", fmt::format("'{}' is missing", key));
  check_commands(top, stack);
  const bool of_the_kernel = stack.attach == Attach::kernel;
  if (stack.states == StateSource::sock_diag && !of_the_kernel)
    top.refuse({"/states/source", "sock_diag tells of the kernel's own sockets only"});
}

std::expected<Stack, CaseError> read_folder(const fs::path& folder, bool may_be_a_variety);

// What a stack begins with: nothing, or the one that it is `like`.
std::expected<Stack, CaseError> beginning(const fs::path& folder, Fields& top,
                                          bool may_be_a_variety) {
  const auto like = top.text("like");
  if (!like) return Stack{};
  if (!may_be_a_variety) {
    top.refuse("like", "a stack that others are like is like no other");
    return Stack{};
  }
  if (like->empty() || like->find('/') != like->npos || like->starts_with('.')) {
    top.refuse("like", "expected the name of a folder beside this one");
    return Stack{};
  }
  auto stack = read_folder(folder.parent_path() / *like, false);
  if (stack) stack->like = stack->folder;
  return stack;
}

std::expected<Stack, CaseError> with_known(Stack stack) {
  const fs::path file = stack.folder / "known.toml";
  if (!stack.like.empty() && !fs::exists(file)) return stack;
  auto known = read_known(file);
  if (!known) return std::unexpected(CaseError{.file = file.string(), .what = known.error().what});
  stack.known.insert(stack.known.end(), known->begin(), known->end());
  return stack;
}

std::expected<Stack, CaseError> read_folder(const fs::path& folder, bool may_be_a_variety) {
  const std::string file = (folder / "stack.toml").string();
  const auto text = read_file(file, Document::max_size);
  if (!text) return std::unexpected(CaseError{.file = file, .what = text.error().what});
  const auto document = Document::parse(*text, file);
  if (!document) return std::unexpected(document.error());
  Fields top(document->root(), "");
  auto stack = beginning(folder, top, may_be_a_variety);
  if (!stack) return stack;
  read_into(*stack, top);
  if (stack->name != folder.filename())
    top.refuse("name", fmt::format("it is in the folder '{}'", folder.filename().string()));
  if (const auto error = top.finish()) return std::unexpected(document->error(*error));
  stack->folder = folder;
  return with_known(std::move(*stack));
}

// "{env:NAME}" in the word replaced by what NAME is.
void fill_in_environment(std::string& word) {
  constexpr std::string_view opening = "{env:";
  for (size_t at = 0; (at = word.find(opening, at)) != word.npos;) {
    const size_t close = word.find('}', at);
    if (close == word.npos) return;
    const std::string name = word.substr(at + opening.size(), close - at - opening.size());
    const std::string text = environment_variable(name.c_str());
    word.replace(at, close + 1 - at, text);
    at += text.size();
  }
}

}  // namespace

const TimerPromise* Stack::promise(const std::string& timer) const {
  const auto found = std::ranges::find(promises, timer, &TimerPromise::timer);
  return found == promises.end() ? nullptr : &*found;
}

std::expected<Stack, CaseError> read_stack(const fs::path& folder) {
  return read_folder(folder, true);
}

std::vector<std::string> filled_in(std::vector<std::string> words, const StackPlaces& places) {
  const std::array<std::pair<std::string_view, std::string>, 3> names{
      {{"{bin}", places.bin}, {"{stack}", places.stack}, {"{out}", places.out}}};
  for (std::string& word : words) {
    for (const auto& [name, path] : names)
      for (size_t at = 0; (at = word.find(name, at)) != word.npos; at += path.size())
        word.replace(at, name.size(), path);
    fill_in_environment(word);
  }
  return words;
}

}  // namespace faultline
