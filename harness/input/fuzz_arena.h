#ifndef GOLEAKSTRESS_HARNESS_INPUT_FUZZ_ARENA_H_
#define GOLEAKSTRESS_HARNESS_INPUT_FUZZ_ARENA_H_

// How libFuzzer drives a Go target that lives in another process.
//
// Three processes share one piece of memory, the arena:
//
//   engine         our own binary as `goleakstress fuzz-engine`: libFuzzer's loop and corpus, our typed
//   mutator. It is a
//                  process of its own because libFuzzer owns its process: it never returns and it installs
//                  handlers.
//   orchestrator   owns both others. FuzzSource is its side of the engine.
//   target         the instrumented Go program with the agent (harness/agent/coverage.go).
//
// The engine has the initiative and the orchestrator the processes: every call of the target goes through the
// agent channel as any other call does, so time-outs, crashes, hangs and restarts are handled in one place
// and the engine never notices. One exchange:
//
//   1. The engine writes the inputs of a batch and a mode into the arena and one byte on its socket.
//   2. FuzzSource::Take hands the inputs to the orchestrator, which has the target call them: one Run on the
//   agent channel.
//   3. For every call the agent clears the counters, calls, and leaves a CallRecord in the arena. In mode
//   kRecord it also
//      copies the edge counters into the arena, where libFuzzer reads them in place (they are registered with
//      it as its own 8-bit counters), and keeps the operands of comparisons.
//   4. FuzzSource::Report marks calls that never ended, and writes one byte on the socket. The engine goes
//   on.
//
// A round trip costs as much as ten calls of a small target, so most calls are made in screens: the mutator
// makes a batch of mutants, the agent tells for each whether it reached an edge (or a bucket of an edge's
// count) that nobody reached before, and only those go on to libFuzzer, to be run once more in mode kRecord
// and kept if what they showed shows again: a feature that the scheduler made up does not enter the corpus.
//
// The target can write anywhere in the arena. Whoever reads here copies first and bounds everything; nothing
// in it is trusted with more than the choice of inputs. The engine ends when its socket closes. All numbers
// are little-endian, as all our platforms are, and each process maps the whole arena.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/input/mutate.h"
#include "harness/input/value.h"

namespace goleakstress::input {

inline constexpr uint64_t kArenaMagic = 0x314E455241534C47;  // "GLSAREN1"

enum class FuzzMode : uint64_t {
  kOff = 0,     // calls are not looked at
  kScreen = 1,  // CallRecords only
  kRecord = 2,  // one call: also counters and comparisons
  kSoak = 3,   // of one input: CallRecords, and live objects over the batch, with garbage collected around it
  kSieve = 4,  // the same of several inputs, to find the one that keeps something
  kRow = 5,    // as kScreen, of a row of calls that left goroutines or resources behind each time it was made
};

// The first page. Who writes what: E the engine, O the orchestrator, T the target.
struct ArenaHeader {
  uint64_t magic;          // O, once
  uint64_t mode;           // E: a FuzzMode
  uint64_t counters;       // T, once: number of edge counters, at most kMaxCounters
  uint64_t comparisons;    // T: of the last kRecord call, at most kMaxComparisons
  uint64_t first;          // O: index within the batch of the next Run's first call
  uint64_t batch;          // E: inputs of the batch, 1 to kMaxBatch
  uint64_t batch_bytes;    // E: of the inputs region
  uint64_t edges;          // T: counters that were ever seen above 0
  int64_t soaked_objects;  // T: live objects after the last kSoak batch less before it
  int64_t soaked_bytes;    // T: the same in bytes
};

enum class CallState : uint32_t {
  kNotMade = 0,
  kBegun = 1,
  kEnded = 2,
  kLost = 3
};  // kLost: O, the call ended the target

// What the agent saw of one call.
struct CallRecord {
  uint32_t state;      // a CallState
  uint32_t new_edges;  // counters that reached a bucket in this call for the first time ever
  int32_t goroutines;  // after less before; in mode kRecord after a pause for those that are about to end
  int32_t resources;   // the same of the agent's resource profiles: files, sockets, bodies, rows...
  uint32_t site;       // hash of the stack that most of the new goroutines wait at, 0: none or not looked for
  uint32_t outgrew;    // 1: grew by more than any call before
  uint64_t unused;
};

// A comparison the target made.
struct ComparisonRecord {
  uint8_t
      kind;  // 1, 2, 4, 8: integers of so many bytes; 16: strings; + 128: the second operand is a constant
  uint8_t a_size, b_size;
  uint8_t unused[5];
  uint64_t place;  // hash of the line
  uint8_t a[64], b[64];
};

inline constexpr size_t kMaxBatch = 256;
inline constexpr size_t kMaxCounters = size_t{1} << 20;
inline constexpr size_t kMaxComparisons = 4096;
inline constexpr size_t kInputsBytes = size_t{8} << 20;

inline constexpr size_t kRecordsAt = 4096;
inline constexpr size_t kComparisonsAt = kRecordsAt + 65536;
inline constexpr size_t kCountersAt = kComparisonsAt + (size_t{1} << 20);
inline constexpr size_t kSeenAt =
    kCountersAt + kMaxCounters;  // T: buckets seen of each counter, one bit each
inline constexpr size_t kInputsAt =
    kSeenAt + kMaxCounters;  // E: for each input its size (4 bytes) and agent.Input
inline constexpr size_t kArenaBytes = kInputsAt + kInputsBytes;

static_assert(sizeof(ArenaHeader) <= kRecordsAt);
static_assert(sizeof(CallRecord) == 32 && sizeof(CallRecord) * kMaxBatch <= kComparisonsAt - kRecordsAt);
static_assert(sizeof(ComparisonRecord) == 144);
static_assert(sizeof(ComparisonRecord) * kMaxComparisons <= kCountersAt - kComparisonsAt);

// One mapping of an arena. Thread-compatible within a process.
class FuzzArena {
 public:
  // A new arena in anonymous shared memory.
  static absl::StatusOr<FuzzArena> Create();
  // One that exists, by a path as `path` gives it.
  static absl::StatusOr<FuzzArena> Open(const std::string& path);
  FuzzArena(FuzzArena&& other) noexcept;
  FuzzArena& operator=(FuzzArena&&) = delete;
  ~FuzzArena();

  // Another process of this user can open the arena by this path while its creator lives and keeps it.
  std::string path() const;

  // Fields of the header are read and written whole.
  uint64_t Get(uint64_t ArenaHeader::* field) const;
  void Set(uint64_t ArenaHeader::* field, uint64_t value);
  int64_t SoakedObjects() const;
  int64_t SoakedBytes() const;

  CallRecord Record(size_t index) const;         // pre: index < kMaxBatch
  void SetState(size_t index, CallState state);  // pre: index < kMaxBatch
  uint8_t* counters() { return memory_ + kCountersAt; }
  const uint8_t* counters() const { return memory_ + kCountersAt; }
  const uint8_t* seen() const { return memory_ + kSeenAt; }
  size_t counter_count() const;  // bounded by kMaxCounters

  // Writes as many of the inputs as there is room for, and at most kMaxBatch, all records as not made, and
  // the header's batch fields. Returns how many.
  size_t WriteBatch(const std::vector<Input>& inputs);
  absl::StatusOr<std::vector<Input>> ReadBatch() const;
  // What was compared in the last kRecord call, each comparison once, in both directions unless one side is
  // constant.
  void ReadComparisons(std::vector<ComparedText>* texts, std::vector<ComparedNumber>* numbers) const;

 private:
  FuzzArena(int fd, uint8_t* memory) : fd_(fd), memory_(memory) {}
  static absl::StatusOr<FuzzArena> Map(int fd);

  int fd_;
  uint8_t* memory_;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_FUZZ_ARENA_H_
