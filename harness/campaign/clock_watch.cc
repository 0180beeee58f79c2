#include "harness/campaign/clock_watch.h"

namespace goleakstress::campaign {
namespace {

constexpr int64_t kTellingCalls = 12;  // since a jump, from which on failing ones tell...
constexpr int64_t kMostTellingCalls =
    500;                           // ...and until when half of them do: later it may be for another reason
constexpr double kSomeFail = 0.1;  // for whatever reason, clock or not
constexpr double kHalfFail = 0.5;
constexpr double kNearlyAllFail = 0.9;

}  // namespace

void ClockWatch::BeforeJump(int64_t made, int64_t failing) {
  if (!first_) first_ = last_ = {made, failing};
  if (made - last_.made >= kTellingCalls) last_ = {made, failing};
}

bool ClockWatch::BreaksCalls(int64_t made, int64_t failing, int64_t ran_out) const {
  if (!first_) return false;
  const auto breaks = [made, failing, ran_out](const Calls& before, double share) {
    const auto calls = static_cast<double>(made - before.made);
    return made - before.made >= kTellingCalls &&
           static_cast<double>(before.failing) <= kSomeFail * static_cast<double>(before.made) &&
           static_cast<double>(failing - ran_out - before.failing) >= share * calls;
  };
  return (made - first_->made <= kMostTellingCalls && breaks(*first_, kHalfFail)) ||
         breaks(last_, kNearlyAllFail);
}

void RestWatch::Note(bool rests, Cause cause) {
  if (rests) {
    cause_ = Cause::kNone;
  } else if (cause_ == Cause::kNone) {
    cause_ = cause;
  }
}

void RestWatch::AfterCalls(bool rests, bool moved) {
  Note(rests, moved ? Cause::kClock : Cause::kCalls);
  busy_ = false;  // not known yet
}

void RestWatch::AfterJump(bool rests, double processors) {
  Note(rests, Cause::kClock);
  busy_ = !rests && processors >= kBusyProcessors;
}

}  // namespace goleakstress::campaign
