// What keeps growing memory alive: two heap dumps with calls between them.
#ifndef HARNESS_CAMPAIGN_RETENTION_H_
#define HARNESS_CAMPAIGN_RETENTION_H_

#include <cstdint>
#include <functional>
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
  // Makes calls as the experiment did, perhaps fewer, and returns how many.
  std::function<absl::StatusOr<int64_t>(int64_t count)> call = {};
  // Waits for rest and collects garbage, as before a snapshot.
  std::function<absl::Status()> settle = {};
};

// Sets retained_by and its numbers, and with it the advice, of the findings of class cache. Where that is not
// possible the findings stay as they are and a note says why: it takes the heapdump probe, space on the disk,
// and time. The target may be gone afterwards.
void ExplainRetention(Session& session, const RetentionJob& job, std::vector<report::Finding>* findings,
                      std::vector<std::string>* notes);

// Two states of a heap. `before` may be empty: then all memory counts, not just what was gained.
struct HeapChange {
  collectors::HeapSummary before = {}, after = {};
  int64_t calls = 0;                           // between the two; 0: there is no `before`
  const collectors::GoTypes* types = nullptr;  // null: not known
  std::string agent_package = {};
};

// Says in the finding what keeps its memory alive, and what that gained per call. Leaves it alone where the
// dumps do not show it. Pure.
void SetRetainedBy(const HeapChange& heap, report::Finding* finding);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_RETENTION_H_
