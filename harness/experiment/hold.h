// The hold: after the last batch the target idles, and what was going to be released goes.
#ifndef HARNESS_EXPERIMENT_HOLD_H_
#define HARNESS_EXPERIMENT_HOLD_H_

#include <span>

#include "harness/experiment/checks.h"

namespace goleakstress::experiment {

// One reading of the ladder.
struct Held {
  double seconds;  // since the last batch
  double level;
};

// The longest hold that at least `keep` of the growth survived, as every shorter one; 0: none.
double SurvivedSeconds(std::span<const Held> held, double start, double end, double keep);

// Whether it grows without calls: some hold long enough to compare (a quarter of the confirm stage) added at
// more than half the rate of the confirm stage, and more than the site's own noise.
bool GrowsInHold(std::span<const Held> held, std::span<const Reading> readings, double resolution);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_HOLD_H_
