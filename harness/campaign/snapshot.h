// Settles a target and reads everything once, in an order in which one reading does not spoil the next.
#ifndef HARNESS_CAMPAIGN_SNAPSHOT_H_
#define HARNESS_CAMPAIGN_SNAPSHOT_H_

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/fd_table.h"
#include "harness/campaign/clock_watch.h"
#include "harness/campaign/series.h"
#include "harness/campaign/session.h"

namespace goleakstress::campaign {

// Bytes: memory outside the Go heap is read in steps of so many. C libraries take it in steps of 132 kB and
// more.
inline constexpr double kOutsideStep = 256 << 10;

struct SnapshotResult {
  bool quiet = true;          // the target came to rest
  bool kept_busy = false;     // by its moved clock (RestWatch)
  double seconds = 0;         // real time that the snapshot took
  double target_seconds = 0;  // what passed on the target's clock
  int64_t exhausted = 0;  // creating system calls that failed for want of a resource, since the process began
  double heap_live_bytes = 0;  // after the garbage collection
  int64_t goroutines = 0;
  int64_t fds = 0;  // open after the garbage collection
};

// Fine steps of one pad, at most.
inline constexpr double kFinePad = 300;
// What a fine step takes of real time where timers are that dense.
inline constexpr double kFineStepSeconds = 200e-6;
// Moves the target's clock by so many seconds, with a fine step a second, but no more than `most_fine`
// (target::JumpSteps). Pre: the clock probe is live.
absl::Status JumpClock(Session& session, double seconds, double most_fine = kFinePad);
// Open descriptors of the target by kind, but the agent's channel. `sockets`: of earlier readings, may be
// null.
absl::StatusOr<std::map<std::string_view, int64_t>> CountFdsByKind(
    Session& session, collectors::SocketKinds* sockets = nullptr);

// What a snapshot has to know of a target that its moved clock may keep busy.
struct KeptBusy {
  bool moved = false;  // the clock was moved since the last snapshot, for calls that wait
  // The snapshot ends before it reads the levels: what is asked of such a target may take any time.
  bool ends = false;
};

// Reads one session again and again into one table. A session has one reader: it is told only how the heap
// changed since its last snapshot. Not thread-safe.
class SnapshotReader {
 public:
  SnapshotReader(Session& session, SeriesTable& table);
  // Whether pads move the target's clock, where it can be moved; else they are waited for.
  void MoveClock(bool move) { move_clock_ = move; }
  // Fine steps of one pad or hold, at most (JumpClock).
  void StepFinely(double most_fine) { most_fine_ = most_fine; }

  // Waits for quiet, closes idle connections, counts; moves the clock by `pad_seconds` (or waits, where it
  // cannot be moved); counts fds, collects garbage, counts fds, reads the profiles. The levels are in
  // the table afterwards.
  absl::StatusOr<SnapshotResult> Read(double pad_seconds, const KeptBusy& kept_busy = {});

 private:
  absl::StatusOr<bool> Settle();
  absl::Status Pass(double seconds);
  absl::StatusOr<bool> IsKeptBusy(bool rests);
  absl::Status ReadResources();
  absl::Status ReadProcess();
  absl::Status ReadProfiles();

  bool move_clock_ = true;
  RestWatch rest_;
  double most_fine_ = kFinePad;
  std::chrono::milliseconds settle_limit_;
  Session& session_;
  SeriesTable& table_;
  collectors::SocketKinds sockets_;
  std::map<std::string_view, double> healed_fds_;  // summed over snapshots
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SNAPSHOT_H_
