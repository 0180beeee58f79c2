// Whether a target survives that its clock is moved: its set-up, one long-lived connection, session, token or
// lease that the calls need and that nobody renews; and its rest, where what waits ever shorter, or in the
// end not at all, comes to that within seconds of real time.
//
// Pure.
#ifndef HARNESS_CAMPAIGN_CLOCK_WATCH_H_
#define HARNESS_CAMPAIGN_CLOCK_WATCH_H_

#include <cstdint>
#include <limits>
#include <optional>

namespace goleakstress::campaign {

// How far an attempt moves its target's clock.
struct ClockUse {
  bool between_batches = true;
  double longest_hold = std::numeric_limits<double>::infinity();  // seconds

  bool HoldsFreely() const { return longest_hold == std::numeric_limits<double>::infinity(); }
  // Else holds are waited for.
  bool InHold() const { return longest_hold >= 1; }
};

class ClockWatch {
 public:
  // The clock is about to be moved; so many calls were made before, and so many of them failed.
  void BeforeJump(int64_t made, int64_t failing);

  // Hardly a call failed before, but half of them do since the first jump, or nearly all do since the last
  // one: what expires after an hour breaks at a later jump. What breaks for another reason, a limit that is
  // reached, hardly does so between two batches; where it does, `ran_out` of the failing ones are not the
  // clock's: so many things could not be made for want of a resource.
  bool BreaksCalls(int64_t made, int64_t failing, int64_t ran_out = 0) const;

 private:
  struct Calls {
    int64_t made = 0;
    int64_t failing = 0;
  };
  std::optional<Calls> first_;  // before the first jump
  Calls last_;                  // before the first jump since which enough calls were made
};

// Whether the moved clock keeps a target busy while nothing is asked of it. Who polls every millisecond is
// never at rest, but was not before the clock was moved either; who was, and is busy after a call, is so by
// that call.
class RestWatch {
 public:
  // After calls. `moved`: the clock was moved meanwhile, since they waited.
  void AfterCalls(bool rests, bool moved);
  // After the clock was moved. `processors`: that it keeps busy, where it does not rest.
  void AfterJump(bool rests, double processors);

  // It does not rest by what calls left behind: no jump needs to be watched.
  bool CallsKeepBusy() const { return cause_ == Cause::kCalls; }
  // It was at rest before the clock was moved, is not any more, and wants about a processor for itself.
  bool ClockKeepsBusy() const { return cause_ == Cause::kClock && busy_; }

 private:
  enum class Cause { kNone, kCalls, kClock };
  void Note(bool rests, Cause cause);

  Cause cause_ = Cause::kNone;  // why it does not rest
  bool busy_ = false;
};

// Processors that are busy for one that goes from one thing to do to the next.
inline constexpr double kBusyProcessors = 0.8;

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_CLOCK_WATCH_H_
