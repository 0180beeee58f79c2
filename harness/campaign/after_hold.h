// What calls after the last hold tell of what survived it.
//
// What expired is often swept by the next call only; and what was emptied keeps its room, which the next
// calls fill: the array of a queue, of the length of its fullest day, or a list of things that are free
// again.
#ifndef HARNESS_CAMPAIGN_AFTER_HOLD_H_
#define HARNESS_CAMPAIGN_AFTER_HOLD_H_

#include <cstdint>
#include <vector>

namespace goleakstress::campaign {

struct AfterHold {
  const std::vector<std::vector<double>>& history;  // levels by snapshot, of each the sites known by then
  const std::vector<int64_t>& calls_at;             // made until each snapshot
  std::vector<double> held;                         // levels at the end of the hold
  std::vector<double> after;                        // after so many more calls
  std::vector<double> things;                       // units of the level, of each site
  int64_t made = 0;
  bool failed = false;  // more of these calls failed than of those before: they put nothing anywhere
  double keep = 0;      // share of its growth that a leak keeps in the hold
  // By site, the part by which the array of a slice grows at a time; 0 or absent: not known.
  std::vector<double> steps = {};
};

// The levels at the end of the hold, less what these calls showed not to stay. What was swept: without what
// they left themselves, at the pace so far, where much was swept. What they filled anew: all that came since
// the first snapshot, where the hold emptied something and the level, which rose in the as many calls before,
// hardly does any more. Pure.
std::vector<double> LevelsThatStay(const AfterHold& calls);

// Whether some site is on its way down: of what came since `first` a part went between the two readings, and
// a part is left. Who tries again ever more rarely, or has to be let run for each step, is not through when
// the hold is over. Pure.
bool IsBeingReleased(const std::vector<double>& first, const std::vector<double>& before,
                     const std::vector<double>& now, const std::vector<double>& things);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_AFTER_HOLD_H_
