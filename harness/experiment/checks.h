// Checks on the shape of a site's confirm stage. Bounded structures (caches still filling, flushed buffers,
// pools) do depend on the dose while they fill, so no bet can tell them from a leak; these heuristics can.
// They only ever take a `leak` away.
#ifndef HARNESS_EXPERIMENT_CHECKS_H_
#define HARNESS_EXPERIMENT_CHECKS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/experiment/design.h"

namespace goleakstress::experiment {

// One reading of a site, with what had been done up to it.
struct Reading {
  double axis;     // the calls that drive it: all, or fresh ones only
  double calls;    // all calls
  double seconds;  // of the target's clock
  double level;
  double fresh = 0;  // of the calls
};

// From one reading to the next.
struct Step {
  double calls, axis, change, fresh;
};
std::vector<Step> Steps(std::span<const Reading> readings);

// Root mean square change over the batches without any call, at least half the resolution: what the level
// does by itself.
double OwnNoise(std::span<const Reading> readings, double resolution);

struct Turnover {
  bool flushed = false;   // net growth is less than the sum of its falls beyond six times its own noise
  bool replaced = false;  // net growth is less than `net` times what a typical call adds times the calls
};
Turnover TurnsOver(std::span<const Reading> readings, double resolution, double net);

// By how much the lowest level of the last half of the axis is above that of the half before: what stays
// below all that comes and goes.
double FloorRise(std::span<const Reading> readings);

// Whether the rate over the last half of the axis is below `tail` times the rate before.
bool Decelerates(std::span<const Reading> readings, double tail);

// Whether growth stopped at the horizon: what the batches begun beyond it added is under a quarter of what
// the rate so far promises, where that much is six times the site's own noise. Stalled, too, while no batch
// with calls was begun there.
bool Stalls(std::span<const Reading> readings, double resolution, double horizon);

// The smallest of the refuted rates (ascending) that is at least twice what the level really rose per call
// over the last two octaves of calls; 0: none. A staircase stands still between its steps, so a bet may
// refute what another step brings back.
double SmallestRefuted(std::span<const double> rates, std::span<const Reading> readings);

// Whether batches with more calls add more in proportion: the slope of change on calls, among batches with
// calls of the axis, is at least `share` of their mean change per mean call. One unit per batch, however many
// calls, has slope 0.
bool Proportional(std::span<const Reading> readings, double share);

// Growth per axis call with a 95 % interval, from the changes of the single batches.
struct Rate {
  double rate = 0;
  double low = 0;
  double high = 0;
};
Rate EstimateRate(std::span<const Reading> readings);

// p per q calls, when every batch changed the level by that to within one resolution; q at most 64.
struct Ratio {
  int64_t p = 0;
  int64_t q = 1;
};
std::optional<Ratio> ExactRatio(std::span<const Reading> readings, double resolution, double rate);

// The exponent of growth against the axis: 1 keeps pace, 0.5 is a vocabulary. 0 when it cannot be told.
double GrowthExponent(std::span<const Reading> readings, double first_level);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_CHECKS_H_
