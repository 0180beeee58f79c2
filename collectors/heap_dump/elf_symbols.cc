#include "collectors/heap_dump/elf_symbols.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/cleanup/cleanup.h"

namespace goleakstress::collectors {
namespace {

constexpr size_t kMostSymbols = 8 << 20;
constexpr size_t kLongestName = 4096;  // names of instantiated types are long

}  // namespace

absl::StatusOr<ElfSymbols> ElfSymbols::Read(const std::string& path) {
  if (elf_version(EV_CURRENT) == EV_NONE) return absl::InternalError("libelf is out of date");
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, "opening " + path);
  const absl::Cleanup closer = [fd] { close(fd); };
  const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_begin(fd, ELF_C_READ, nullptr), elf_end);
  if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF || gelf_getclass(elf.get()) != ELFCLASS64)
    return absl::InvalidArgumentError(path + " is no 64-bit ELF file");
  ElfSymbols symbols;
  for (Elf_Scn* section = elf_nextscn(elf.get(), nullptr); section != nullptr;
       section = elf_nextscn(elf.get(), section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_SYMTAB || header.sh_entsize == 0)
      continue;
    Elf_Data* const data = elf_getdata(section, nullptr);
    if (data == nullptr) continue;
    const size_t count = std::min<size_t>(data->d_size / header.sh_entsize, kMostSymbols);
    for (size_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr || symbol.st_size == 0) continue;
      const unsigned type = GELF_ST_TYPE(symbol.st_info);
      if (type != STT_OBJECT && type != STT_FUNC) continue;
      const char* const name = elf_strptr(elf.get(), header.sh_link, symbol.st_name);
      if (name == nullptr) continue;
      std::vector<Symbol>& list = type == STT_FUNC ? symbols.functions_ : symbols.variables_;
      list.push_back({symbol.st_value, symbol.st_size, std::string(name, strnlen(name, kLongestName))});
    }
  }
  Sort(&symbols.variables_);
  Sort(&symbols.functions_);
  return symbols;
}

ElfSymbols ElfSymbols::Of(std::vector<Symbol> variables, std::vector<Symbol> functions) {
  ElfSymbols symbols;
  symbols.variables_ = std::move(variables);
  symbols.functions_ = std::move(functions);
  Sort(&symbols.variables_);
  Sort(&symbols.functions_);
  return symbols;
}

// Where several share an address, the largest comes last and is found.
void ElfSymbols::Sort(std::vector<Symbol>* symbols) {
  std::sort(symbols->begin(), symbols->end(), [](const Symbol& a, const Symbol& b) {
    return a.address != b.address ? a.address < b.address : a.size < b.size;
  });
}

const Symbol* ElfSymbols::Find(const std::vector<Symbol>& symbols, uint64_t address) {
  const auto after =
      std::upper_bound(symbols.begin(), symbols.end(), address,
                       [](uint64_t wanted, const Symbol& symbol) { return wanted < symbol.address; });
  if (after == symbols.begin()) return nullptr;
  const Symbol& symbol = *std::prev(after);
  return address - symbol.address < symbol.size ? &symbol : nullptr;
}

}  // namespace goleakstress::collectors
