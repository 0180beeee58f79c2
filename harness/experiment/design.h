// The design: what a batch may be, with which odds, and which one was drawn. The law of the draw is known
// because we make it; that is all the validity of the evidence rests on.
#ifndef HARNESS_EXPERIMENT_DESIGN_H_
#define HARNESS_EXPERIMENT_DESIGN_H_

#include <cstdint>
#include <vector>

#include "harness/experiment/plan.h"
#include "harness/experiment/random.h"

namespace goleakstress::experiment {

// What the campaign does next: so many calls with inputs used before, so many with inputs never used, then
// idle pads.
struct Dose {
  int64_t repeated = 0;
  int64_t fresh = 0;
  int idle_pads = 0;
};

// Totals up to one reading.
struct Totals {
  int64_t repeated = 0;
  int64_t fresh = 0;
  double seconds = 0;

  int64_t calls() const { return repeated + fresh; }
};

// One batch as the experts see it: every option, and which was drawn. Option (c, w) makes the calls of cell c
// and idles w more pads.
struct Batch {
  struct Calls {
    double repeated;
    double fresh;
  };
  std::vector<Calls> options;   // by cell
  std::vector<double> seconds;  // by idle choice
  size_t cell = 0;
  size_t idle = 0;
  Totals before;
};

class Design {
 public:
  explicit Design(const Plan& plan);

  // Draws one batch after `before`, in doses of (calls so far) / (2 spread) a level.
  Batch Draw(const Totals& before, int64_t spread, Random& random) const;

  static double CallsOf(const Batch& batch) {
    return batch.options[batch.cell].repeated + batch.options[batch.cell].fresh;
  }
  const std::vector<double>& weights() const { return weights_; }
  // Cells that agree with a cell in the level of the other kind: the choices of a bet on one kind given the
  // other.
  const std::vector<size_t>& same_fresh(size_t cell) const { return same_fresh_[cell]; }
  const std::vector<size_t>& same_repeated(size_t cell) const { return same_repeated_[cell]; }

 private:
  Plan plan_;
  std::vector<Cell> cells_;
  std::vector<double> weights_;
  std::vector<std::vector<size_t>> same_fresh_, same_repeated_;
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_DESIGN_H_
