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

#include "harness/experiment/counting.h"
#include "harness/experiment/design.h"
#include "harness/experiment/regression.h"
#include "harness/experiment/staircase.h"

namespace goleakstress::experiment {

// What a bet is on.
enum class Factor {
  kCall,      // the whole cell
  kRepeated,  // repeated calls given the fresh ones
  kFresh,     // fresh calls given the repeated ones
  kSize,      // which cell, among those with any call
  kTime,      // the idle time given the cell
  kLate,      // the whole cell, from half the horizon on
};
inline constexpr size_t kFactors = 6;
inline constexpr size_t kExperts = kRegressions.size() + kCountings.size() + kStaircases.size();

// Wealth by expert, for one factor. The e-value is the mean.
template <size_t N>
struct Purse {
  std::array<double, N> wealth = Ones();

  void Multiply(size_t expert, double gain) {
    // Far outside what decides anything; keeps products of hundreds of batches finite.
    double w = wealth[expert] * gain;
    w = w < 1e-290 ? 1e-290 : w;
    wealth[expert] = w > 1e290 ? 1e290 : w;
  }
  double E() const {
    double sum = 0;
    for (double w : wealth) sum += w / static_cast<double>(N);
    return sum;
  }

 private:
  static constexpr std::array<double, N> Ones() {
    std::array<double, N> ones{};
    ones.fill(1.0);
    return ones;
  }
};

struct Wealth {
  std::array<Purse<kExperts>, kFactors> factors;

  Purse<kExperts>& of(Factor factor) { return factors[static_cast<size_t>(factor)]; }
  double E(Factor factor) const { return factors[static_cast<size_t>(factor)].E(); }
  // The worst stake for every expert and factor: what a lost snapshot costs, so that losing one cannot pay.
  void Forfeit(double stake);
};

// What a stake of 1 becomes: (1 - floor) q(chosen) / p(chosen) + floor over the options listed in `among`,
// which holds `chosen` or is empty (no bet).
double Gain(std::span<const double> likelihoods, std::span<const double> weights,
            std::span<const size_t> among, size_t chosen, double floor);

// One expert's bets on one reading, multiplied into the wealth. Growth only: an expert that expects none
// keeps its stake.
void BetOnCells(const Choices& cells, std::span<const double> likelihoods, bool repeated, bool fresh,
                double floor, size_t expert, Wealth& wealth);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_WAGER_H_
