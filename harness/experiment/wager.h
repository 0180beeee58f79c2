// Wagers: the bets on the secret draw, and the wealth they win.
//
// After a batch every expert divides its stake over the options of the draw by how well each would explain
// the reading. If the reading does not depend on the draw, the mean of what it gets back, over the law of the
// draw, is exactly its stake: wealth is a non-negative martingale from 1, and the chance that it ever reaches
// 1/alpha is at most alpha (Ville), at any stopping time, for any noise, drift or load, however bad the
// expert.
#ifndef HARNESS_EXPERIMENT_WAGER_H_
#define HARNESS_EXPERIMENT_WAGER_H_

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "harness/experiment/design.h"
#include "harness/experiment/expert.h"

namespace goleakstress::experiment {

// What the bet is on: the whole cell; repeated calls given the fresh ones; fresh calls given the repeated
// ones; the idle time given the cell.
enum class Factor { kCall, kRepeated, kFresh, kTime };
inline constexpr size_t kFactors = 4;

// Log wealth per factor and expert; the e-value of a factor is the mean wealth of its experts.
class Wealth {
 public:
  double LogE(Factor factor) const;
  void Add(Factor factor, size_t expert, double log_gain) {
    logs_[static_cast<size_t>(factor)][expert] += log_gain;
  }
  // The worst stake for every expert and factor: what a lost snapshot costs, so that losing one cannot pay.
  void Forfeit(double log_stake);

 private:
  std::array<std::array<double, kExperts.size()>, kFactors> logs_{};
};

// Relative likelihoods of a reading under each option, the largest 1. `target` is the scaled reading.
void Likelihoods(const Options& options, size_t size, double degrees, const Predictor& predictor,
                 double target, std::vector<double>& likelihoods);

// log of (1 - floor) q(chosen) / p(chosen) + floor, over the options listed in `among` (all when empty).
double LogGain(std::span<const double> likelihoods, std::span<const double> weights,
               std::span<const size_t> among, size_t chosen, double floor);

// One expert's bets on one reading, added to the wealth. Growth only: an expert that expects none keeps its
// stake.
void Bet(const Design& design, const Batch& batch, const Expert& expert, size_t index,
         const Predictor& predictor, double target, double floor, Wealth& wealth);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_WAGER_H_
