// What keeps growing memory and open handles alive: one heap dump, or two with calls between them.
#ifndef HARNESS_CAMPAIGN_RETENTION_H_
#define HARNESS_CAMPAIGN_RETENTION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/heap_dump/go_types.h"
#include "collectors/heap_dump/heap_summary.h"
#include "harness/campaign/session.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

struct RetentionJob {
  const TargetProgram& program;
  std::string agent_package = {};
  double heap_bytes = 0;        // live, at the last snapshot
  double seconds_per_call = 0;  // of the entry
  double seconds = 0;           // that all of this may take
  int64_t most_calls = 512;     // between two dumps
  bool gain = true;             // what was gained is asked for: two dumps, else one
  // Makes calls as the experiment did, perhaps fewer, and returns how many.
  std::function<absl::StatusOr<int64_t>(int64_t count)> call = {};
  // Waits for rest and collects garbage, as before a snapshot.
  std::function<absl::Status()> settle = {};
};

// One or two states of a heap. `before` may be empty: then all memory counts, not just what was gained.
struct HeapChange {
  collectors::HeapSummary before = {}, after = {};
  int64_t calls = 0;                                      // between the two; 0: there is no `before`
  std::unique_ptr<const collectors::GoTypes> types = {};  // null: not known
  std::string agent_package = {};
};

// What the two dumps of such a heap take, with room.
double SecondsToDump(double heap_bytes, double objects);

// Makes the dumps: one where there is no time for two. Where that is not possible a note says why and nothing
// is returned: it takes the heapdump probe, space on the disk, and time. The target may be gone afterwards.
std::optional<HeapChange> DumpHeap(Session& session, RetentionJob job, std::vector<std::string>* notes);

// Whether what leaks is a handle of the program's, which something must keep: else the garbage collector
// would close it.
bool IsHandle(const report::Finding& finding);

// Says in the finding what keeps its memory alive, and what that gained per call, and with it the advice; of
// a handle (IsHandle) what clearly keeps it. Leaves it alone where the dumps do not show it. Returns the root
// that keeps the memory of a finding of class cache, where one clearly does, else null. Pure.
const collectors::HeapRoot* SetRetainedBy(const HeapChange& heap, report::Finding* finding);

// SetRetainedBy for all findings. Memory that the goroutines of another finding keep is a member of that one:
// it goes with them, be it in few of them. Where it leaks so do they. Pure.
void ExplainFindings(const HeapChange& heap, std::vector<report::Finding>* findings);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_RETENTION_H_
