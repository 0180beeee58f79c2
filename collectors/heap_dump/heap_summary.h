// What a heap dump says about who keeps what alive, in terms of the program's source: small enough to keep
// while the next dump is read.
#ifndef COLLECTORS_HEAP_DUMP_HEAP_SUMMARY_H_
#define COLLECTORS_HEAP_DUMP_HEAP_SUMMARY_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/heap_dump/byte_source.h"
#include "collectors/heap_dump/dump_reader.h"
#include "collectors/heap_dump/elf_symbols.h"
#include "collectors/heap_dump/keepers.h"
#include "collectors/heap_dump/references.h"

namespace goleakstress::collectors {

// In the order of their ranks: a root keeps only what none of a kind above it reaches. A cache that a
// server's goroutines use as well is the global's; every channel that somebody waits on is known to the
// runtime.
enum class RootKind : uint8_t {
  kGlobal,
  kGoroutine,  // on the stack of, or deferred by
  kFinalizer,  // runs once the object is garbage, so what it needs stays: for ever, if that is the object
  // Of a goroutine as well: anywhere in the memory of its stack, where dead words keep nothing in truth.
  kFrames,
  kRuntime,  // a global of the runtime, or of who else is to come last
};

struct HeapRoot {
  RootKind kind = RootKind::kGlobal;
  // "module/pkg.variable" ("data at 0x55aa00" where the program has no symbols), the function that a
  // goroutine runs, or a finalizer's function.
  std::string name = {};
  std::string creator = {};      // of goroutines: the function with the go statement; empty: not known
  std::string wait_reason = {};  // of goroutines
  uint64_t bytes = 0;            // what it retains
  uint64_t objects = 0;

  // Goroutines that do the same are one root.
  friend bool operator==(const HeapRoot& a, const HeapRoot& b) {
    return a.kind == b.kind && a.name == b.name && a.creator == b.creator && a.wait_reason == b.wait_reason;
  }
};

inline bool IsGoroutine(const HeapRoot& root) {
  return root.kind == RootKind::kGoroutine || root.kind == RootKind::kFrames;
}

struct AllocationFrame {
  std::string function = {};  // of the machine code: inlined ones do not show
  std::string file = {};
  uint64_t line = 0;
};

// What the goroutine runs that made the stack, by the name that its root has (HeapRoot).
std::string FunctionThatRuns(const std::vector<AllocationFrame>& stack);

// What tells roots apart from dump to dump: not their place.
using RootKey = std::tuple<RootKind, std::string, std::string, std::string>;
RootKey KeyOf(const HeapRoot& root);

// The objects that one allocation stack made and one root retains.
struct Holding {
  uint64_t stack_id = 0;  // the same in all dumps of a process
  uint32_t stack = 0;     // of HeapSummary::stacks
  uint32_t root = 0;      // of HeapSummary::roots
  uint64_t bytes = 0;
  uint64_t objects = 0;
  uint64_t shared = 0;     // of the objects: another root keeps them, too
  uint64_t goroutine = 0;  // where the root is one: the id of that which keeps most of it
  // The way from a global to one of them, as far as every way leads through it: where the pointers lie in the
  // variable, in the object it points to, and so on.
  std::vector<uint64_t> offsets = {};
};

struct HeapSummary {
  std::vector<HeapRoot> roots = {};
  std::vector<std::vector<AllocationFrame>> stacks = {};  // leaf first
  std::vector<Holding> holdings = {};
  std::vector<Keeping> keepings = {};
  std::vector<Reference> references = {};
  uint64_t heap_bytes = 0;       // as the runtime counts
  uint64_t reachable_bytes = 0;  // as the dump shows
  uint64_t objects = 0;
  bool named = true;  // the program has symbols: globals, finalizers and creators of goroutines have names
};

struct SummaryOptions {
  DumpLimits limits = {};
  // Packages whose globals come last, besides the runtime's.
  std::vector<std::string> last_packages = {};
  // Fill in keepings, references, and Holding::offsets, for which the dump is read once more.
  bool paths = false;
};

// Errors of ReadDump.
absl::StatusOr<HeapSummary> SummarizeDump(ByteSource& source, const ElfSymbols& symbols,
                                          const SummaryOptions& options = {});

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_HEAP_SUMMARY_H_
