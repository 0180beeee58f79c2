// The symbol table of a program: names of variables and functions by address.
#ifndef COLLECTORS_HEAP_DUMP_ELF_SYMBOLS_H_
#define COLLECTORS_HEAP_DUMP_ELF_SYMBOLS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

struct Symbol {
  uint64_t address = 0;
  uint64_t size = 0;
  std::string name = {};
};

// Immutable; thread-safe.
class ElfSymbols {
 public:
  // Of a program that is loaded where it was linked, as Go does by default. A stripped one has no symbols,
  // which is no error. InvalidArgument: no 64-bit ELF file; others that open(2) gives.
  static absl::StatusOr<ElfSymbols> Read(const std::string& path);

  // As if read from a program with these; for tests.
  static ElfSymbols Of(std::vector<Symbol> variables, std::vector<Symbol> functions);

  bool empty() const { return variables_.empty() && functions_.empty(); }
  // The variable or function whose extent holds the address; null: none is known.
  const Symbol* Variable(uint64_t address) const { return Find(variables_, address); }
  const Symbol* Function(uint64_t address) const { return Find(functions_, address); }

 private:
  static void Sort(std::vector<Symbol>* symbols);
  static const Symbol* Find(const std::vector<Symbol>& symbols, uint64_t address);

  std::vector<Symbol> variables_, functions_;
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_ELF_SYMBOLS_H_
