// Experts for backing arrays: a slice or a table grows by a factor when it is full, so its bytes are a
// staircase below which the calls climb. Where the next step lies is known from the last ones: each step
// brackets the bytes per call from both sides. Whether the step came tells on which side of it the calls
// ended.
#ifndef HARNESS_EXPERIMENT_STAIRCASE_H_
#define HARNESS_EXPERIMENT_STAIRCASE_H_

#include <array>
#include <limits>
#include <span>
#include <vector>

#include "harness/experiment/design.h"

namespace goleakstress::experiment {

// By drive: all calls together, fresh calls only.
inline constexpr std::array<bool, 2> kStaircases = {false, true};

// What a site knows: the logarithm of the level that one call needs lies between low and high; a step
// multiplies the level by at least exp(step).
struct Stairs {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  double step = std::numeric_limits<double>::infinity();

  bool Known() const { return low > -std::numeric_limits<double>::infinity(); }
};

// The part that all sites share.
class Staircase {
 public:
  explicit Staircase(bool fresh_only) : fresh_only_(fresh_only) {}

  void Prepare(const Batch& batch);
  bool fresh_only() const { return fresh_only_; }
  // Likelihoods of a level above 0 under each option, at most 1. Only for Known() stairs.
  void Likelihoods(const Stairs& stairs, double level, std::span<double> likelihoods) const;
  void Update(double previous, double level, Stairs& stairs) const;

 private:
  bool fresh_only_;
  std::vector<double> log_calls_;  // so far, by option
  double drawn_ = 0;
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_STAIRCASE_H_
