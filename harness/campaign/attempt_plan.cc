// How far an attempt follows its target: the horizon that the time allows, and a longer one where time is
// left.
#include <algorithm>
#include <limits>
#include <vector>

#include "harness/campaign/attempt.h"
#include "harness/campaign/retention.h"

namespace goleakstress::campaign {
namespace {

using experiment::Plan;
using explain::Family;

constexpr double kRealHoldShare = 0.15;  // of the budget, where the clock cannot be moved
// Until a leak is told, by call and by key.
constexpr double kCallsPerHorizon = 1.3, kCallsPerKeyHorizon = 2.6;
constexpr double kIdleShare = 0.5;  // of the time left is used for a longer horizon that nothing asks for
constexpr int64_t kMiddleHorizon = 1024;
constexpr int64_t kLongestHorizon = 8192;
// Caches of 10,000 entries are common, and calls are often so fast that they can be filled for this share of
// the time left.
constexpr int64_t kFarHorizon = 20480;
constexpr double kFarShare = 0.6;
constexpr double kUsualObject = 48;    // bytes
constexpr double kPoolShare = 0.3;     // likewise, to tell a pool of descriptors from a leak
constexpr double kReadingShare = 0.5;  // of the time left goes to the usual readings, at most
constexpr double kLargestEnlargement = 4;
constexpr int64_t kLeastSpread = 4;
// What a goroutine that stays costs over all snapshots to come: some 20 us each time, 20 times.
constexpr double kSecondsPerLeakedGoroutine = 400e-6;
// Pools of descriptors are smaller than 1,024, the usual limit of a process (getrlimit(2), RLIMIT_NOFILE):
// where each second call leaves one behind, that horizon tells a pool from a leak. The same holds for
// goroutines, of which ten thousands would slow down everything that is still to be read, and for timers,
// which all have to fire before the hold is over.
constexpr double kMostPerCall = 0.5;

// The calls that each horizon needs: those of a leak by key, which climbs at half the pace.
Plan PlanFor(double affordable_calls, double warm_up, int64_t longest) {
  if (affordable_calls >= 14000 && longest == kLongestHorizon) return Plan::ForHorizon(kLongestHorizon);
  if (affordable_calls >= 1800) return Plan::ForHorizon(kMiddleHorizon);
  return Plan::ForHorizon(affordable_calls >= kFewCalls || warm_up > 2 * kLeastWarmUp ? 256 : 64);
}

constexpr size_t kLately = 3;  // snapshots
constexpr double kHoldReadings = 8;
constexpr double kMostHoldReserve = 0.2;  // of the budget

// Where not all the usual readings fit into the time, doses are larger: fewer readings then reach the
// horizon.
void EnlargeDoses(double reading_share, Plan* plan) {
  const double factor = std::clamp(reading_share / kReadingShare, 1.0, kLargestEnlargement);
  for (int64_t* spread : {&plan->spread_still, &plan->spread_screen, &plan->spread_confirm,
                          &plan->spread_open, &plan->spread_settled})
    *spread = std::max<int64_t>(kLeastSpread, static_cast<int64_t>(static_cast<double>(*spread) / factor));
}

}  // namespace

void Attempt::ChoosePlan(const SnapshotResult& first, int64_t warm_up, double pad) {
  const double time = Seconds(deadline_ - Clock::now()), readings = kUsualSnapshots * snapshot_seconds_;
  const double left = time * (1 - kHoldReserve) - readings;
  const double affordable = std::min(left / CostOfCall(static_cast<double>(first.goroutines)), MostCalls());
  plan_ = PlanFor(SkipsItself() ? 0 : affordable, static_cast<double>(warm_up), LongestHorizon(first));
  const double reading_share = readings / std::max(1e-3, time);
  // What uses something up grows in proportion, which half the readings show.
  EnlargeDoses(most_calls_ > 0 ? std::max(reading_share, 2 * kReadingShare) : reading_share, &plan_);
  plan_.warm_up = warm_up;
  plan_.inputs = takes_inputs_;
  plan_.pad_seconds = pad;
  if (!session_->HasProbe("clock") || !clock_.InHold()) {
    plan_.holds = {std::min(100.0, kRealHoldShare * Seconds(job_.budget))};
  } else if (!clock_.HoldsFreely()) {
    std::erase_if(plan_.holds, [this](double hold) { return hold >= clock_.longest_hold; });
    plan_.holds.push_back(clock_.longest_hold);
  }
}

double Attempt::MostCalls() const {
  return most_calls_ > 0 ? static_cast<double>(most_calls_) : std::numeric_limits<double>::infinity();
}

double Attempt::PerCall(double came) const {
  return std::max(0.0, came) / static_cast<double>(std::max<int64_t>(1, tally_.made));
}

// Where goroutines pile up every snapshot has more to read and to collect, and all later ones too.
double Attempt::CostOfCall(double goroutines) const {
  return per_call_ + PerCall(goroutines - goroutines_at_start_) * kSecondsPerLeakedGoroutine;
}

int64_t Attempt::LongestHorizon(const SnapshotResult& read) const {
  double came = std::max(static_cast<double>(read.fds) - fds_at_start_,
                         static_cast<double>(read.goroutines) - goroutines_at_start_);
  for (const char* kind : {"time.timer", "time.ticker"})
    came = std::max(came, table_.LevelOf({.family = Family::kResource, .kind = kind, .total = true}));
  return PerCall(came) < kMostPerCall ? kLongestHorizon : kMiddleHorizon;
}

std::vector<Attempt::Longer> Attempt::LongerHorizons() const {
  if (SkipsItself()) return {};
  if (const int64_t lacking = experiment_->LackingHorizon(); lacking > 0)
    return {{lacking, 1 - kHoldReserve}};
  // What the limit of a short plan left open is followed as long as there is time.
  if (experiment_->stop() == experiment::Stop::kLimit && experiment_->IsOpen() && !experiment_->FindsLeak()) {
    std::vector<Longer> longer;
    for (int64_t horizon = LongestHorizon(last_read_); horizon > plan_.horizon; horizon /= 2)
      longer.push_back({horizon, 1 - kHoldReserve});
    return longer;
  }
  if (experiment_->stop() != experiment::Stop::kSettled) return {};
  // Files that are kept open, the newest 500 of them, are no leak either.
  if (experiment_->DecidedBelow(Plan::kLeastHorizon)) return {{kMiddleHorizon, kPoolShare}};
  if (LongestHorizon(last_read_) <= kMiddleHorizon) return {};
  if (plan_.horizon < kMiddleHorizon) return {{kMiddleHorizon, 1 - kHoldReserve}};
  // The plan was made by calls that were slow: the first ones, or while the machine was busy.
  if (experiment_->first_alarm_calls() == 0) return {{kLongestHorizon, kIdleShare}};
  // Memory that grows alone may be a structure that this horizon is too short for.
  std::vector<Longer> longer;
  if (experiment_->FindsLeak()) longer.push_back({kFarHorizon, kFarShare});
  for (int64_t horizon = kLongestHorizon; horizon > kMiddleHorizon; horizon /= 2)
    longer.push_back({horizon, 1 - kHoldReserve});
  return longer;
}

double Attempt::SnapshotLately() const {
  const size_t lately = std::min(snapshot_times_.size(), kLately);
  const auto first = snapshot_times_.end() - static_cast<std::ptrdiff_t>(lately);
  return lately == 0 ? snapshot_seconds_ : *std::min_element(first, snapshot_times_.end());
}

double Attempt::HoldReserve() const {
  const double budget = Seconds(job_.budget);
  if (experiment_->first_alarm_calls() == 0) return kHoldReserve * budget;  // there may be none
  return std::clamp(kHoldReadings * SnapshotLately(), kHoldReserve * budget, kMostHoldReserve * budget);
}

bool Attempt::Affords(const Longer& longer) const {
  const auto made = static_cast<double>(experiment_->calls());
  // It ends at the latest when something runs out again.
  const double calls =
      std::min((takes_inputs_ ? kCallsPerKeyHorizon : kCallsPerHorizon) * static_cast<double>(longer.horizon),
               kCallsPerHorizon * MostCalls());
  const double snapshot = SnapshotLately();
  const double usual = PerCall(1e-9 * static_cast<double>(tally_.nanoseconds));
  const double cost =
      CostOfCall(static_cast<double>(last_read_.goroutines)) + std::min(0.0, usual - per_call_);
  // What is kept until then has to be read, too.
  const double last = snapshot * calls / std::max(1.0, made), reading = (snapshot + last) / 2;
  const double needed = (calls - made) * cost + kUsualSnapshots / 2 * reading;
  const double time = Seconds(deadline_ - Clock::now());
  // Without dumps of the heap memory that leaks could not be explained.
  const double heap = last_read_.heap_live_bytes * calls / std::max(1.0, made);
  const double to_end = kHoldReadings * last + SecondsToDump(heap, heap / kUsualObject);
  return needed <= time * longer.share && needed + to_end <= time && !IsOutOfMemory(heap);
}

bool Attempt::GoesOn() {
  for (const Longer& longer : LongerHorizons()) {
    if (longer.horizon <= plan_.horizon) return false;
    if (!Affords(longer)) continue;
    experiment_->GoOn(longer.horizon);
    plan_.horizon = longer.horizon;
    return true;
  }
  return false;
}

}  // namespace goleakstress::campaign
