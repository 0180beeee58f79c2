#ifndef GOLEAKSTRESS_HARNESS_INPUT_CORPUS_MERGE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_CORPUS_MERGE_H_

// Which of the inputs of a corpus are worth keeping, and a journal of what was learned about them, so that a
// merge that was killed goes on where it was.
//
// libFuzzer's own -merge=1 does the same for targets that live in its process: it starts itself again after a
// crash and reads a control file. Ours live in processes of their own, which the orchestrator starts anew, so
// of libFuzzer's way remain the order (small inputs first), the features and the journal.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/input/fuzz_arena.h"

namespace goleakstress::input {

// Features: of counters index * 8 + bucket, as libFuzzer numbers them; of leaks, LeakFeature from here on.
inline constexpr uint32_t kFirstLeakFeature = static_cast<uint32_t>(kMaxCounters * 8);

// The features of the counters that the last call in mode kRecord left in the arena, in rising order.
std::vector<uint32_t> CounterFeatures(const FuzzArena& arena);

struct MeasuredUnit {
  std::string name;  // of its file
  uint64_t bytes = 0;
  std::vector<uint32_t> features = {};
};

// For each unit whether it is to be kept: it shows a feature that none before it shows, in the order of size,
// then of name. What is kept shows every feature that all of them show.
std::vector<bool> ChooseUnits(const std::vector<MeasuredUnit>& units);

// A text file: a line that says of what, then one line per unit, "NAME FEATURE...". A line that was cut off
// by a crash is passed over. Not thread-safe.
class MergeJournal {
 public:
  // Opens or makes it. `of` is one line; what a journal of something else holds is dropped. Error: it cannot
  // be written.
  static absl::StatusOr<MergeJournal> Open(const std::string& path, std::string_view of);

  const std::map<std::string, std::vector<uint32_t>>& known() const { return known_; }
  // It is with the system, though not on the disk, when this returns. `name` has no blank or line feed.
  absl::Status Add(const std::string& name, const std::vector<uint32_t>& features);

 private:
  std::string path_;
  std::ofstream file_;
  std::map<std::string, std::vector<uint32_t>> known_;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_CORPUS_MERGE_H_
