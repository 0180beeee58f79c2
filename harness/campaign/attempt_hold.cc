// What is still there after hours without calls, and the few calls after them.
#include <algorithm>
#include <utility>
#include <vector>

#include "harness/campaign/after_hold.h"
#include "harness/campaign/attempt.h"
#include "harness/campaign/totals.h"

namespace goleakstress::campaign {
namespace {

using explain::Family;
using explain::Site;

// Calls after the hold, as a part of all before: a large slice grows by a quarter. What each call sweeps a
// little of is not told from a leak by fewer than the least, nor is an array that is filled anew, of whose
// steps of a sixteenth two have to be due; these get more time.
constexpr double kCallsAfterHold = 0.35, kLeastCallsAfterHold = 0.2;
// runtime/slice.go, for 4,096 elements and more and with the rounding to sizes of blocks: a quarter, and a
// sixteenth with the probe `containers`.
constexpr double kSliceStep = 0.3, kFineSliceStep = 0.08;
constexpr std::chrono::seconds kGraceAfterHold{2};
constexpr int kMoreHolds = 3;      // as long as the last one, while they release something
constexpr int kMoreForTimers = 2;  // likewise, while there are many timers
constexpr double kMany = 16;
constexpr double kTimersShare = 0.1;     // of the time left goes to the fine steps of each of these
constexpr double kMoreFail = 0.1;        // of those calls than of the ones before: they are no evidence
constexpr double kFineHoldShare = 0.03;  // of the budget goes to the fine steps of each hold, at most

// Whether many that came since `first` wait for a time: timers and tickers, and goroutines that sleep.
bool WaitForTime(const SeriesTable& table, const std::vector<double>& first) {
  for (size_t i = 0; i < table.size(); ++i) {
    const Site& site = table.site(i);
    const bool timer = site.total && site.kind.starts_with("time.");
    const bool sleeps = site.family == Family::kGoroutine &&
                        std::any_of(site.stack.begin(), site.stack.end(), [](const explain::Frame& frame) {
                          return frame.function == "time.Sleep";
                        });
    if ((timer || sleeps) && table.levels()[i] - LevelIn(first, i) >= kMany) return true;
  }
  return false;
}

// The part by which the array of a slice grows at a time, by site; 0 for all others.
std::vector<double> SliceSteps(const SeriesTable& table, bool fine) {
  std::vector<double> steps;
  for (const Site& site : table.sites())
    steps.push_back(site.container != "slice" ? 0 : fine ? kFineSliceStep : kSliceStep);
  return steps;
}

double Share(int64_t some, int64_t all) {
  return static_cast<double>(some) / static_cast<double>(std::max<int64_t>(1, all));
}

}  // namespace

bool Attempt::HoldsFreely() const { return session_->HasProbe("clock") && clock_.HoldsFreely(); }

absl::Status Attempt::Hold() {
  if (IsUnfinished()) return absl::OkStatus();
  reader_->MoveClock(clock_.InHold());
  reader_->StepFinely(kFineHoldShare * Seconds(job_.budget) / kFineStepSeconds);
  double held = 0;
  const std::vector<double> before = table_.levels();
  while (experiment_->NeedsHold()) {
    Tell("hold");
    const double until = experiment_->HoldSeconds();
    const bool is_last = until == plan_.holds.back();
    const int more = is_last && HoldsFreely() ? kMoreHolds : 0;
    if (absl::Status status = Idle(until - held, more); !status.ok()) return status;
    held = until;
    held_ = table_.levels();
    std::vector<double> levels = held_;
    if (is_last) {
      if (!HoldsFreely()) reader_->MoveClock(false);
      if (absl::Status status = CallOnceMore(&levels); !status.ok()) return status;
      if (absl::Status status = LetTimersEnd(until); !status.ok()) return status;
      for (size_t i = 0; i < levels.size(); ++i) levels[i] = std::min(levels[i], table_.levels()[i]);
    }
    for (size_t i = 0; i < levels.size(); ++i) levels[i] -= CameWithoutCalls(table_, i, before, held_);
    experiment_->ObserveHold(until, levels);
  }
  return absl::OkStatus();
}

absl::Status Attempt::LetTimersEnd(double seconds) {
  for (int i = 0; i < kMoreForTimers && WaitForTime(table_, history_.front()); ++i) {
    const double left = Seconds(deadline_ - Clock::now());
    if (!HoldsFreely() || left <= 0) break;
    reader_->StepFinely(kTimersShare * left / kFineStepSeconds);
    if (absl::Status status = Idle(seconds, 0); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Attempt::Idle(double seconds, int more) {
  for (bool again = true; again; --more) {
    const std::vector<double> before = table_.levels();
    auto read = reader_->Read(seconds);
    if (!read.ok()) return read.status();
    AddNewSites();
    again = more > 0 && Clock::now() < deadline_ &&
            IsBeingReleased(history_.front(), before, table_.levels(), things_);
  }
  return absl::OkStatus();
}

absl::Status Attempt::MakeAfterHold() {
  experiment::Dose dose = experiment_->WarmUp();
  const auto before = static_cast<double>(experiment_->calls());
  const double reserve = kHoldReserve * Seconds(job_.budget);
  const double calls =
      std::clamp(reserve / per_call_, kLeastCallsAfterHold * before, kCallsAfterHold * before);
  const double larger = calls / static_cast<double>(std::max<int64_t>(1, dose.repeated + dose.fresh));
  if (larger > 1) {
    dose.repeated = static_cast<int64_t>(larger * static_cast<double>(dose.repeated));
    dose.fresh = static_cast<int64_t>(larger * static_cast<double>(dose.fresh));
  }
  calls_until_ = std::max(
      deadline_, Clock::now() +
                     std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(reserve)) +
                     kGraceAfterHold);
  tally_.cut = false;  // the time of the last batch was up: these have their own
  return Make(dose);
}

absl::Status Attempt::CallOnceMore(std::vector<double>* levels) {
  const CallTally before = tally_;  // what these calls say after a day of idling is not the target's word
  absl::Status status = MakeAfterHold();
  const int64_t made = tally_.made - before.made;
  const bool more_fail =
      Share(Failing(tally_) - Failing(before), made) > Share(Failing(before), before.made) + kMoreFail;
  tally_ = before;
  if (!status.ok()) return status;
  // After a pad as before: what the calls leave late is there.
  auto read = reader_->Read(plan_.pad_seconds);
  if (!read.ok()) return read.status();
  AddNewSites();
  std::vector<double> after = table_.levels();
  after.resize(levels->size());
  *levels = LevelsThatStay({.history = history_,
                            .calls_at = calls_at_,
                            .held = std::move(*levels),
                            .after = std::move(after),
                            .things = things_,
                            .made = made,
                            .failed = more_fail,
                            .keep = plan_.keep,
                            .steps = SliceSteps(table_, session_->HasProbe("containers"))});
  return absl::OkStatus();
}

}  // namespace goleakstress::campaign
