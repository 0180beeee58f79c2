// What is counted: the sites of a target, and those of them that grow.
#ifndef HARNESS_EXPLAIN_SITE_H_
#define HARNESS_EXPLAIN_SITE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/stack.h"

namespace goleakstress::explain {

// In the order in which they head a finding: an unclosed body holds a socket, two goroutines and ten
// allocations.
enum class Family {
  kResource,   // something that must be closed, by its acquisition stack
  kFd,         // file descriptors of one kind, as the kernel lists them: no stack
  kGoroutine,  // goroutines by the stack on which they wait
  kHeap,       // objects or bytes in use by allocation stack
  kProcess,    // threads, child processes, memory outside the Go heap: no stack
};

// Kinds that more than one rule looks at.
inline constexpr std::string_view kCMemory =
    "memory.c";  // kResource: blocks that C allocated in calls from Go
inline constexpr std::string_view kCMemoryBytes = "memory.c bytes";
inline constexpr std::string_view kOutsideMemory = "memory outside the Go heap";  // kProcess: bytes

struct Site {
  Family family = Family::kHeap;
  std::string kind =
      {};  // "http.body", "fd.socket", "socket.tcp", "objects", "bytes", "threads"...; empty for goroutines
  Stack stack = {};  // trimmed; empty where there is none
  // Resources and maps: who started the goroutine that acquired them, where `stack` has no frame of the
  // user's: the frame of the `go` statement first, of which so many are of the goroutine that ran it.
  Stack creators = {};
  size_t direct = 0;
  // A sum over several stacks: of goroutines that run the same function, whatever they wait for: its frame is
  // the only one of `stack`; of descriptors that a dependency opened in goroutines of the same call.
  bool by_function = false;
  // The sum of sites of one family and kind; without a stack.
  bool total = false;
  // Counted before the clock was moved, or the sum of what only the garbage collector closed.
  bool before_jump = false;
  bool healed_by_gc = false;
  // Heap: objects of 16 bytes, which without the probe `tiny` the runtime may share between several small
  // allocations and attributes to the first of them: its growth may be another site's. Not part of the key.
  bool tiny = false;
  // Heap: mean bytes of an object when the site was first seen. Not part of the key.
  double object_bytes = 0;
  // Heap: "map" or "slice" where the allocation is the growth of one. Not part of the key.
  std::string container = {};

  friend bool operator==(const Site&, const Site&) = default;
};

// Equal for equal sites only.
std::string KeyOf(const Site& site);
// The same for what is counted there in several ways: the objects and bytes of one allocation, the entries of
// a map.
std::string PlaceOf(const Site& site);

// Whether bytes in use are counted by where they were allocated.
bool IsBytes(const Site& site);

// Whether descriptors are counted by who opened them.
bool IsDescriptor(const Site& site);

// Whether it is one itself, or holds one: a body, rows, a child's pipes.
bool NeedsDescriptor(const Site& site);

// Whether it is a connection that a peer dialled.
bool IsAccepted(const Site& site);

// Culprit of its stack; where that is none of the user's, the user's frame among its creators.
const Frame* CulpritOf(const Site& site, const CodeMap& code);

// What is counted there, in words: "goroutines", "heap bytes", "fd socket.tcp", "http.body".
std::string NameOf(const Site& site);

// A site with what the experiment said of it.
struct GrowingSite {
  Site site = {};
  std::string verdict = {};  // docs/detector.md
  std::string driver = {};   // call, key, time
  std::string factor = {};   // call, fresh, repeated, time
  double log10_e = 0;
  double rate = 0;  // units per call, per fresh input (key), per second (time)
  double rate_low = 0;
  double rate_high = 0;
  std::string settle = {};           // what would tell whether it is a leak; empty: nothing is open
  std::vector<double> changes = {};  // of the level, one per batch of the confirm stage
  // It gained over the run without a growth word of its own: backing arrays of maps and slices grow in steps.
  // It never makes a finding, but may tell where the container of a finding is.
  bool companion = false;
  // The growing site that keeps these, by its index. Heap: whose objects keep them alive, the one next to
  // them; goroutines: whose goroutine has to go on before they can: it took the lock for which they wait, or
  // is one of the group for whose end they do. kNone where there is none, or where it is not known.
  static constexpr size_t kNone = static_cast<size_t>(-1);
  size_t kept_by = kNone;
  // Heap: the growing goroutines that keep it in the end.
  size_t held_by = kNone;
  // Heap: of a container that a global variable keeps, and that has nothing in common with what a goroutine
  // that stays or an open handle needs: neither is its cause.
  bool apart = false;
  // Goroutines: the runtime's leak profile lists them. Nothing that still runs can wake them.
  bool proven = false;
};

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_SITE_H_
