#include "harness/kernel/libraries.hpp"

#include <elf.h>

#include <cstring>

#include "harness/kernel/tool.hpp"
#include "harness/trace/file.hpp"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr size_t most_program = size_t{1} << 30;

// A structure at an offset of a file's bytes, or nothing where it does not fit in.
template <typename T>
std::optional<T> at(std::string_view bytes, uint64_t offset) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(T)) return {};
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace

Result<std::optional<std::string>> loader_named_in(std::string_view elf) {
  const auto head = at<Elf64_Ehdr>(elf, 0);
  if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
      head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB)
    return fail("not a 64-bit ELF program");
  for (uint64_t number = 0; number < head->e_phnum; ++number) {
    const auto part = at<Elf64_Phdr>(elf, head->e_phoff + number * head->e_phentsize);
    if (!part || part->p_type != PT_INTERP) continue;
    if (part->p_offset > elf.size()) break;
    const std::string_view name = elf.substr(part->p_offset, part->p_filesz);
    return std::string(name.substr(0, name.find('\0')));
  }
  return std::nullopt;
}

// "\tlibfmt.so.9 => /lib/x86_64-linux-gnu/libfmt.so.9 (0x00007f…)"
Result<std::optional<Library>> library_in(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  constexpr std::string_view arrow = " => ";
  const size_t middle = line.find(arrow);
  if (middle == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, middle), file = line.substr(middle + arrow.size());
  if (file.starts_with("not found")) return fail("its library {} is not there", name);
  if (name.find('/') != std::string_view::npos) return std::nullopt;
  return Library{std::string(name), std::string(file.substr(0, file.rfind(" (")))};
}

Result<ProgramNeeds> needs_of_program(const fs::path& asked) {
  std::error_code error;
  // To the loader, /proc/self/exe would be itself.
  const fs::path program = fs::canonical(asked, error);
  if (error) return fail("opening {}: {}", asked.string(), error.message());
  const auto elf = read_file(program, most_program);
  if (!elf) return std::unexpected(elf.error());
  const auto loader = loader_named_in(*elf);
  if (!loader) return fail("{}: {}", program.string(), loader.error().what);
  if (!*loader) return ProgramNeeds{};
  ProgramNeeds needs{.loader = **loader};
  std::optional<Error> trouble;
  Watcher nobody;
  const auto end =
      run_tool({**loader, "--list", program.string()}, nobody, [&](std::string_view line) {
        auto library = library_in(line);
        if (!library) trouble = library.error();
        if (library && *library) needs.libraries.push_back(std::move(**library));
      });
  if (!end) return std::unexpected(end.error());
  if (trouble) return fail("{}: {}", program.string(), trouble->what);
  if (end->status != 0) return fail("{} --list {} failed", **loader, program.string());
  return needs;
}

}  // namespace faultline
