// Whether growth keeps pace with the calls or fades as a vocabulary does.
//
// Keys of a bounded space, most calls to a few of them, are met for the first time ever more seldom, yet long
// after the horizon: N calls meet about the root of N keys where the k-th has a share of 1 / k^2 (Heaps'
// law). A leak grows at a constant rate. Given how much a level grew, where it did is a draw from the one
// distribution over the batches or from the other.
#ifndef HARNESS_EXPERIMENT_PACE_H_
#define HARNESS_EXPERIMENT_PACE_H_

#include <span>

#include "harness/experiment/checks.h"
#include "harness/experiment/plan.h"

namespace goleakstress::experiment {

//
// Where repeated and fresh calls add at rates of their own, as when only some inputs leak, growth follows the
// mixture that was drawn. So the axis is the calls, each kind by its rate, if that explains the growth
// better.
struct Pace {
  // Log of how much likelier the growth of the last three octaves of the axis is at a constant rate than at
  // one that falls with the root of the axis, as a quasi-likelihood (McCullagh and Nelder, Generalized Linear
  // Models, chapter 9): a Poisson likelihood divided by how much more than single units vary, since lumps,
  // bytes and noise say less. Minus infinity where nothing grew.
  double evidence;
  // Most of what blurs it is what the level does without calls, or the steps of a backing array.
  bool blurred;
};

// What the level does by itself is known from batches without calls; `in_steps`: a backing array, whose level
// is never far from a line. Pre: readings is not empty.
Pace PaceOf(std::span<const Reading> readings, double resolution, bool in_steps);

// Whether growth is shown to be steady: by plan.pace, or at all where it is blurred. There is seldom more to
// be had, and what fades comes in things that are counted at the same stack.
bool KeepsPace(const Pace& pace, const Plan& plan);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_PACE_H_
