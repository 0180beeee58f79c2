// Whether a target's set-up survives that its clock is moved: one long-lived connection, session, token or
// lease that the calls need and that nobody renews.
//
// Pure.
#ifndef HARNESS_CAMPAIGN_CLOCK_WATCH_H_
#define HARNESS_CAMPAIGN_CLOCK_WATCH_H_

#include <cstdint>
#include <optional>

namespace goleakstress::campaign {

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

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_CLOCK_WATCH_H_
