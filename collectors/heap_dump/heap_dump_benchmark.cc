// Times the reading of a heap dump.
//
//     heap_dump_benchmark [MEGABYTES [FILE]]   of a synthetic one, which is written to FILE and removed
//     heap_dump_benchmark DUMP                 of one that a Go program wrote
//
// The synthetic heap is a map of records: one third buffers, the rest small objects with three pointers to
// any others, which is the worst that a heap can do.
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "collectors/heap_dump/dump_builder.h"
#include "collectors/heap_dump/heap_summary.h"

namespace goleakstress::collectors {
namespace {

constexpr uint64_t kBase = uint64_t{0xc000} << 24;

bool Write(const std::string& path, uint64_t heap_bytes) {
  std::FILE* const file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  DumpBuilder dump;
  const auto flush = [&] {
    const std::string part = dump.TakePart();
    if (std::fwrite(part.data(), 1, part.size(), file) != part.size()) std::abort();
  };
  std::mt19937_64 random(3);
  dump.Params();
  uint64_t at = kBase;
  const uint64_t end = kBase + heap_bytes;
  for (uint64_t i = 0; at < end; ++i) {
    const uint64_t size = i % 8 == 0 ? 256 : 64;
    Words words;
    if (size == 64) {
      for (const uint64_t offset : {0, 16, 40}) words.emplace_back(offset, kBase + random() % heap_bytes);
    }
    dump.Object(at, size, words);
    at += size;
    if (i % 4096 == 0) flush();
  }
  Words roots;
  for (uint64_t i = 0; i < 1000; ++i) roots.emplace_back(8 * i, kBase + random() % heap_bytes);
  dump.Data(0x500000, 8000, roots);
  for (uint64_t i = 0; i < 100; ++i) dump.Stack(i + 1, {{"a.go", i}});
  dump.Number(0);
  flush();
  return std::fclose(file) == 0;
}

struct rusage Usage() {
  struct rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage;
}

double PeakMegabytes() { return static_cast<double>(Usage().ru_maxrss) / 1024; }

// Of the processor: other programs do not count.
double Seconds() {
  const struct rusage usage = Usage();
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

int Time(const std::string& path) {
  const double before = PeakMegabytes();
  const double begin = Seconds();
  auto source = OpenByteSource(path);
  if (!source.ok()) return 1;
  const auto summary = SummarizeDump(**source, ElfSymbols(), {.paths = true});
  const double seconds = Seconds() - begin;
  if (!summary.ok()) return 1;
  const double heap = static_cast<double>(summary->heap_bytes > 0 ? summary->heap_bytes : (*source)->size());
  const double megabytes = PeakMegabytes() - before;
  fmt::print(
      "heap {:.0f} MB, dump {:.0f} MB, {} objects, {:.0f} MB reachable: {:.2f} s of the processor, {:.1f} s "
      "per GB; memory {:.0f} MB, {:.2f} of the heap\n",
      heap / 1e6, static_cast<double>((*source)->size()) / 1e6, summary->objects,
      static_cast<double>(summary->reachable_bytes) / 1e6, seconds, seconds / heap * 1e9, megabytes,
      megabytes * 1048576 / heap);
  return 0;
}

int Run(const std::string& what, const std::string& path) {
  const double megabytes = std::atof(what.c_str());
  if (megabytes <= 0) return Time(what);
  if (!Write(path, static_cast<uint64_t>(megabytes * 1e6))) return 1;
  const int result = Time(path);
  std::remove(path.c_str());
  return result;
}

}  // namespace
}  // namespace goleakstress::collectors

int main(int argc, char** argv) {
  return goleakstress::collectors::Run(argc > 1 ? argv[1] : "100",
                                       argc > 2 ? argv[2] : "heap_dump_benchmark.dump");
}
