// Feeds bytes to the reader of heap dumps and all that is made of them. With clang and -fsanitize=fuzzer this
// is a fuzzer; the replay test calls it with the dumps of corpora/heap_dumps.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collectors/heap_dump/heap_growth.h"
#include "collectors/heap_dump/heap_summary.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace goleakstress::collectors;
  const ElfSymbols symbols = ElfSymbols::Of({{0x500000, 1 << 20, "main.a"}, {0x700000, 8, "runtime.b"}},
                                            {{0x400000, 1 << 20, "main.f"}});
  SummaryOptions options = {.last_packages = {"agent"}, .paths = true};
  options.limits.max_objects = options.limits.max_pointers = options.limits.max_roots = 1 << 20;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto summary = SummarizeDump(*ByteSourceOf(bytes), symbols, options);
  if (!summary.ok()) return 0;
  uint64_t total = 0;
  for (const HeapRoot& root : summary->roots) total += root.objects;
  if (total > summary->objects) abort();
  for (const Holding& holding : summary->holdings) {
    if (holding.objects > summary->roots.at(holding.root).objects || holding.shared > holding.objects)
      abort();
    if (holding.stack >= summary->stacks.size()) abort();
  }
  if (!GrowthByHolding(*summary, *summary).empty()) abort();
  return 0;
}
