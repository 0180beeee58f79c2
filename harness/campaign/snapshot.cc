#include "harness/campaign/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "collectors/process_stats.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Site;
using std::chrono::duration;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::chrono::seconds kAnswerLimit{60};
// How long rest is waited for. Goroutines that poll every millisecond leave none: who did not come to rest
// is waited for half as long the next time, who did as long as at first.
constexpr milliseconds kSettleLimit{250}, kLeastSettleLimit{16};
// A jump is an idle period: in steps of 5 s keep-alives that are due more often still get their turn; longer
// ones go in 24 to 64 steps, so that they cost the same. That is where no exact steps are left, of which
// there is one a second.
constexpr double kStepSeconds = 5;
constexpr int kMostSteps = 64;
constexpr double kFinePerSecond = 1;
// Who does not rest is watched for so long, so many times in a row while it is busy: the work of an hour or a
// day, which the moved clock has brought about, comes to its end.
constexpr milliseconds kWatched{20};
constexpr int kMostWatched = 10;
constexpr int kAgentChannel = 3;
constexpr char kResourcePrefix[] = "goleakstress.";
constexpr char kRaceDetector[] = "goleakstress/race-detector";
constexpr char kHeapChanges[] = "goleakstress.heapchanges";  // agent/profiles.go
constexpr char kMapProfile[] = "goleakstress.map";           // agent/maps.go
constexpr char kDroppedPrefix[] = "dropped.";  // closed by the garbage collector, since the process began

nanoseconds Nanoseconds(double seconds) { return duration_cast<nanoseconds>(duration<double>(seconds)); }

int64_t Total(const std::map<std::string_view, int64_t>& counts) {
  int64_t total = 0;
  for (const auto& [kind, count] : counts) total += count;
  return total;
}

}  // namespace

absl::Status JumpClock(Session& session, double seconds, double most_fine) {
  const double least = std::max(kStepSeconds, seconds / kMostSteps);
  const double fine = std::min(kFinePerSecond * seconds, most_fine);
  return session.client().Jump({.total = Nanoseconds(seconds),
                                .least = Nanoseconds(least),
                                .fine = static_cast<uint64_t>(std::max(0.0, fine))},
                               kAnswerLimit);
}

absl::StatusOr<std::map<std::string_view, int64_t>> CountFdsByKind(Session& session,
                                                                   collectors::SocketKinds* sockets) {
  collectors::FdOptions options;
  options.skip = {kAgentChannel};
  options.sockets = sockets;
  auto table = collectors::ReadFdTable(session.pid(), options);
  if (!table.ok()) return table.status();
  return collectors::CountByKind(*table);
}

SnapshotReader::SnapshotReader(Session& session, SeriesTable& table)
    : settle_limit_(kSettleLimit), session_(session), table_(table) {
  table_.BeginProcess();
}

absl::StatusOr<bool> SnapshotReader::Settle() {
  auto settled = session_.client().Settle(settle_limit_, true, kAnswerLimit);
  if (!settled.ok()) return settled.status();
  settle_limit_ = settled->quiet() ? kSettleLimit : std::max(kLeastSettleLimit, settle_limit_ / 2);
  return settled->quiet();
}

absl::Status SnapshotReader::Pass(double seconds) {
  if (seconds <= 0) return absl::OkStatus();
  if (!session_.HasProbe("clock") || !move_clock_) {
    std::this_thread::sleep_for(Nanoseconds(seconds));
    return absl::OkStatus();
  }
  return JumpClock(session_, seconds, most_fine_);
}

absl::StatusOr<bool> SnapshotReader::IsKeptBusy(bool rests) {
  if (!session_.HasProbe("clock") || !move_clock_ || (!rests && rest_.CallsKeepBusy())) return false;
  if (rests) {
    rest_.AfterJump(true, 0);
    return false;
  }
  const Clock::time_point begin = Clock::now();
  const auto before = collectors::ReadWantedProcessorTime(session_.pid());
  if (!before.ok()) return before.status();
  double processors = kBusyProcessors;
  for (int i = 0; i < kMostWatched && processors >= kBusyProcessors / 2; ++i) {
    std::this_thread::sleep_for(kWatched);
    const auto after = collectors::ReadWantedProcessorTime(session_.pid());
    if (!after.ok()) return after.status();
    processors = 1e-9 * static_cast<double>(*after - *before) / Seconds(Clock::now() - begin);
  }
  rest_.AfterJump(false, processors);
  return rest_.ClockKeepsBusy();
}

absl::Status SnapshotReader::ReadResources() {
  auto names = session_.client().ListProfiles(kAnswerLimit);
  if (!names.ok()) return names.status();
  for (const std::string& name : *names) {
    if (!name.starts_with(kResourcePrefix)) continue;
    auto profile = session_.ReadProfile(name, kAnswerLimit);
    if (!profile.ok()) return profile.status();
    if (!*profile) continue;
    std::string_view kind = std::string_view(name).substr(sizeof(kResourcePrefix) - 1);
    const bool dropped = kind.starts_with(kDroppedPrefix);
    if (dropped) kind.remove_prefix(sizeof(kDroppedPrefix) - 1);
    table_.AddResources(std::string(kind), **profile, dropped);
  }
  return absl::OkStatus();
}

absl::Status SnapshotReader::ReadProcess() {
  auto stats = collectors::ReadProcessStats(session_.pid(), {.mapped = true});
  if (!stats.ok()) return stats.status();
  const auto add = [this](std::string kind, double level) {
    table_.Add({.family = Family::kProcess, .kind = std::move(kind)}, level);
  };
  add("threads", static_cast<double>(stats->threads));
  add("children", static_cast<double>(stats->children));
  if (stats->mapped && stats->mapped->brk > 0) {  // C is there: in Go alone nothing grows outside unseen
    auto metrics =
        session_.client().ReadMetrics({"/memory/classes/total:bytes", kRaceDetector}, kAnswerLimit);
    if (!metrics.ok()) return metrics.status();
    // What the race detector notes of the calls is there, too, and cannot be told apart.
    for (const agent::Metric& metric : metrics->metrics()) {
      if (metric.name() == kRaceDetector) return absl::OkStatus();
    }
    double outside =
        static_cast<double>(stats->mapped->anonymous + stats->mapped->go_named + stats->mapped->brk);
    for (const agent::Metric& metric : metrics->metrics()) outside -= metric.value();
    // Negative where Go counts tables that it has not touched yet: only differences matter.
    add(std::string(explain::kOutsideMemory), kOutsideStep * std::floor(outside / kOutsideStep));
  }
  return absl::OkStatus();
}

absl::Status SnapshotReader::ReadProfiles() {
  auto goroutines = session_.ReadProfile("goroutine", kAnswerLimit);
  if (!goroutines.ok()) return goroutines.status();
  if (*goroutines) table_.AddGoroutines(**goroutines);
  const bool changes = session_.HasProbe("heapprofile");
  auto heap = session_.ReadProfile(changes ? kHeapChanges : "heap", kAnswerLimit);
  if (!heap.ok()) return heap.status();
  if (*heap) changes ? table_.AddHeapChanges(**heap) : table_.AddHeap(**heap);
  auto maps = session_.ReadProfile(kMapProfile, kAnswerLimit);
  if (!maps.ok()) return maps.status();
  if (*maps) table_.AddMaps(**maps);
  if (absl::Status status = ReadResources(); !status.ok()) return status;
  return ReadProcess();
}

absl::StatusOr<SnapshotResult> SnapshotReader::Read(double pad_seconds, const KeptBusy& kept_busy) {
  const Clock::time_point begin = Clock::now();
  SnapshotResult result;
  target::AgentClient& client = session_.client();
  table_.Begin();

  auto rested = Settle();
  if (!rested.ok()) return rested.status();
  result.quiet = *rested;
  rest_.AfterCalls(*rested, kept_busy.moved);
  auto fds = collectors::CountFds(session_.pid(), {.skip = {kAgentChannel}});
  if (!fds.ok()) return fds.status();
  auto goroutines = client.ReadMetric("goleakstress/goroutines", kAnswerLimit);
  if (!goroutines.ok()) return goroutines.status();
  table_.Add({.family = Family::kGoroutine, .before_jump = true}, goroutines->value_or(0));
  table_.Add({.family = Family::kFd, .before_jump = true}, static_cast<double>(*fds));

  if (absl::Status status = Pass(pad_seconds); !status.ok()) return status;
  rested = Settle();
  if (!rested.ok()) return rested.status();
  result.quiet = result.quiet && *rested;
  auto busy = IsKeptBusy(*rested);
  if (!busy.ok()) return busy.status();
  result.kept_busy = *busy;
  if (result.kept_busy && kept_busy.ends) return result;

  auto fds_before = CountFdsByKind(session_, &sockets_);
  if (!fds_before.ok()) return fds_before.status();
  if (absl::Status status = client.Collect(2, kAnswerLimit); !status.ok()) return status;
  auto fds_after = CountFdsByKind(session_, &sockets_);
  if (!fds_after.ok()) return fds_after.status();
  result.fds = Total(*fds_after);
  for (const auto& [kind, count] : *fds_before)
    healed_fds_[kind] += static_cast<double>(count - (*fds_after)[kind]);

  if (absl::Status status = ReadProfiles(); !status.ok()) return status;
  for (const auto& [kind, count] : *fds_after) {
    table_.Add({.family = Family::kFd, .kind = std::string(kind)}, static_cast<double>(count));
  }
  for (const auto& [kind, count] : healed_fds_) {
    if (count != 0)
      table_.Add({.family = Family::kFd, .kind = std::string(kind), .healed_by_gc = true}, count);
  }

  table_.AddTotals();
  auto metrics = client.ReadMetrics(
      {"goleakstress/goroutines", "goleakstress/exhausted", "/gc/heap/live:bytes"}, kAnswerLimit);
  if (!metrics.ok()) return metrics.status();
  for (const agent::Metric& metric : metrics->metrics()) {
    if (metric.name() == "goleakstress/goroutines") result.goroutines = static_cast<int64_t>(metric.value());
    if (metric.name() == "goleakstress/exhausted") result.exhausted = static_cast<int64_t>(metric.value());
    if (metric.name() == "/gc/heap/live:bytes") result.heap_live_bytes = metric.value();
  }
  result.seconds = duration<double>(Clock::now() - begin).count();
  result.target_seconds = pad_seconds + result.seconds;
  return result;
}

}  // namespace goleakstress::campaign
