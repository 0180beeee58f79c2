// Experts for growth too rare or too coarse for a regression: they predict how many times a level rose (a
// Poisson count whose rate has a gamma prior), or whether it rose at all, from the calls made. "It only ever
// moves in batches with calls" is worth 0.5 per step even where the size of the step tells nothing of the
// dose.
#ifndef HARNESS_EXPERIMENT_COUNTING_H_
#define HARNESS_EXPERIMENT_COUNTING_H_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "harness/experiment/design.h"

namespace goleakstress::experiment {

struct CountingShape {
  bool fresh_only;  // else all calls together
  bool any_rise;    // whether it rose, at a rate per relative growth of the calls; else how often, at a rate
                    // per call
};

inline constexpr std::array<CountingShape, 4> kCountings = {{
    {false, false},
    {true, false},
    {false, true},
    {true, true},
}};

// What a site's rises were so far.
struct Rises {
  double unit = 0;                              // the smallest rise; 0: it never rose
  double up = 0, down = 0;                      // sums of rises and falls
  std::array<double, kCountings.size()> shape;  // of the gamma distribution of each expert's rate

  // Forgets sizes, keeps rates: a new stage has its own steps.
  void ForgetSizes() { unit = up = down = 0; }
};

// The part that all sites share.
class Counting {
 public:
  explicit Counting(const CountingShape& shape);

  void Prepare(const Batch& batch);
  void Learn();

  double PriorShape() const;
  // Relative likelihoods of `rises` (a count of units, not negative) under each option.
  void Likelihoods(double shape, double rises, std::span<double> likelihoods) const;
  double UpdatedShape(double shape, double rises) const;
  bool fresh_only() const { return shape_.fresh_only; }
  // What this expert counts in a rise of so many units.
  double Counted(double units) const;

 private:
  CountingShape shape_;
  double exposure_ = 0;   // inverse scale of the gamma distribution: calls, or relative growth of calls
  double forgotten_ = 1;  // what memory left of the prior
  double drawn_ = 0;
  std::vector<double> log_share_, log_rest_;  // log of x / (exposure + x) and of the rest
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_COUNTING_H_
