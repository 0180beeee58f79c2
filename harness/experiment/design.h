// The design: what a batch may be, with which odds, and which one was drawn. The law of the draw is known
// because we make it; that is all the validity of the evidence rests on.
#ifndef HARNESS_EXPERIMENT_DESIGN_H_
#define HARNESS_EXPERIMENT_DESIGN_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/experiment/plan.h"
#include "harness/experiment/random.h"

namespace goleakstress::experiment {

// Totals up to one reading.
struct Totals {
  int64_t repeated = 0;
  int64_t fresh = 0;
  double seconds = 0;

  int64_t calls() const { return repeated + fresh; }
};

// Some options of a draw, the chosen one among them, and the subsets that a bet may be confined to: those
// that agree with the chosen one in the level of the other kind, and those with any call at all. A subset
// that does not hold the chosen option is empty: no bet.
struct Choices {
  std::vector<double> repeated, fresh, weights;  // by option
  size_t chosen = 0;
  std::vector<size_t> all, given_fresh, given_repeated, dosed, dosed_given_fresh, dosed_given_repeated;

  size_t size() const { return weights.size(); }
};

// One batch as the experts see it.
struct Batch {
  Totals before;
  double repeated = 0, fresh = 0, seconds = 0;  // as drawn
  Choices cells;                                // every cell
  Choices cells_given_repeated;                 // cells that differ from the drawn one in fresh calls only
  std::vector<double> idle_seconds;             // by idle choice...
  std::vector<double> idle_weights;             // ...all alike
  std::vector<size_t> idle_all;
  size_t idle = 0;  // the drawn one

  double calls() const { return repeated + fresh; }
};

// How large the next doses are to be.
struct Scale {
  // A level of a dose is (calls so far) / 2 / spread: each octave of calls then weighs the same, and whatever
  // grows slower than the calls (warm-up, logarithms, filling caches) fades from view.
  int64_t spread;
  // Repeated calls have shown no effect and fresh ones have: spend calls on fresh ones.
  bool favour_fresh = false;
};

// Calls per level of a dose.
struct Units {
  int64_t repeated;
  int64_t fresh;
};
Units UnitsOf(const Plan& plan, const Totals& before, const Scale& scale);

// What is drawn: a cell with the plan's weights, an idle choice, and per kind of call a remainder below one
// unit, which avoids resonance with whatever is flushed periodically. The bets are on cell and idle choice;
// the remainders are known to them.
struct Secret {
  size_t cell;
  size_t idle;
  Units remainders;
};
Secret Draw(const Plan& plan, const Units& units, Random& random);

Batch BatchOf(const Plan& plan, const Totals& before, const Units& units, const Secret& secret);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_DESIGN_H_
