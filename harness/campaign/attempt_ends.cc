// How calls end: a main that serves, one that can be called once, calls that fail since the clock was moved.
#include <algorithm>
#include <chrono>
#include <vector>

#include "harness/campaign/attempt.h"
#include "harness/campaign/goroutines.h"

namespace goleakstress::campaign {

using std::chrono::seconds;

bool Attempt::RunsOn() {
  if (job_.program.kind != agent::ENTRY_MAIN || session_->hangs().empty()) return false;
  const Hang& hang = session_->hangs().front();
  if (!hang.timers && WaitForEachOther(hang.stacks, job_.code)) return false;
  notes_.push_back(
      "main did not return: it serves until it is told to end, and nothing was asked of it; a test or fuzz "
      "target that calls what it serves would tell more");
  return true;
}

bool Attempt::CallableOnlyOnce() const {
  if (job_.program.kind != agent::ENTRY_MAIN) return false;
  return tally_.ended || (tally_.made > 1 && tally_.outcomes[agent::OUTCOME_PANICKED] == tally_.made - 1);
}

bool Attempt::PassingBreaksCalls(const CallTally& first) const {
  return tally_.passed_nanoseconds > 0 && Failing(first) == 0 &&
         2 * Failing(tally_) > tally_.made - first.made;
}

absl::Status Attempt::AskWhyCallsFail() {
  auto exhausted = session_->client().ReadMetric("goleakstress/exhausted", seconds(60));
  if (!exhausted.ok()) return exhausted.status();
  const auto ran_out = static_cast<int64_t>(exhausted->value_or(0));
  clock_breaks_calls_ = clock_watch_.BreaksCalls(tally_.made, Failing(tally_), ran_out);
  if (!clock_breaks_calls_ && MayStartAnew() && experiment_->first_alarm_calls() == 0)
    ran_out_early_ = std::max<int64_t>(1, tally_.made - std::min(ran_out, Failing(tally_)));
  return absl::OkStatus();
}

absl::StatusOr<SnapshotResult> Attempt::ReadAfter(const CallTally& before, double pad_seconds) {
  const double passed = 1e-9 * static_cast<double>(tally_.passed_nanoseconds - before.passed_nanoseconds);
  const bool may_end = HasTimeForAnother();
  auto read = reader_->Read(pad_seconds, {.moved = passed > 0, .ends = may_end});
  if (!read.ok()) return read;
  if (read->kept_busy) {
    clock_keeps_busy_ = true;
    ended_early_ = may_end;
  } else if (!clock_keeps_busy_ && MovesClock()) {
    moved_seconds_ += passed + pad_seconds;
  }
  return read;
}

bool Attempt::IsUnfinished() const {
  return tally_.outcomes[agent::OUTCOME_HUNG] > 0 && (session_ == nullptr || session_->hangs().empty());
}

bool Attempt::HasTimeForAnother() const { return deadline_ - Clock::now() > job_.budget / 2; }

bool Attempt::MayStartAnew() const { return most_calls_ == 0 && HasTimeForAnother(); }

void Attempt::NoteRanOut() {
  if ((exhausted_after_ == 0 && !out_of_memory_) || !MayStartAnew()) return;
  const std::vector<experiment::SiteVerdict> verdicts = experiment_->Judge();
  const bool told = std::any_of(verdicts.begin(), verdicts.end(), [](const auto& verdict) {
    return verdict.verdict == experiment::Verdict::kLeak ||
           verdict.verdict == experiment::Verdict::kExhausted;
  });
  if (!told) ran_out_early_ = exhausted_after_ > 0 ? exhausted_after_ : tally_.made;
}

}  // namespace goleakstress::campaign
