#include "harness/experiment/wager.h"

namespace goleakstress::experiment {

void Wealth::Forfeit(double stake) {
  for (auto& purse : factors) {
    for (size_t k = 0; k < kExperts; ++k) purse.Multiply(k, stake);
  }
}

double Gain(std::span<const double> likelihoods, std::span<const double> weights,
            std::span<const size_t> among, size_t chosen, double floor) {
  if (among.size() < 2) return 1;
  double explained = 0, weight = 0;
  for (size_t i : among) {
    explained += likelihoods[i] * weights[i];
    weight += weights[i];
  }
  // All options equally impossible (the likely ones are outside `among`): nothing learned, keep the stake.
  if (!(explained > 0)) return 1;
  return (1 - floor) * likelihoods[chosen] * weight / explained + floor;
}

void BetOnCells(const Choices& cells, std::span<const double> likelihoods, bool repeated, bool fresh,
                double floor, size_t expert, Wealth& wealth) {
  auto gain = [&](const std::vector<size_t>& among) {
    return Gain(likelihoods, cells.weights, among, cells.chosen, floor);
  };
  const double by_repeated = repeated ? gain(cells.given_fresh) : 1;
  const double by_fresh = fresh ? gain(cells.given_repeated) : 1;
  if (repeated) wealth.of(Factor::kRepeated).Multiply(expert, by_repeated);
  if (fresh) wealth.of(Factor::kFresh).Multiply(expert, by_fresh);
  const bool both = repeated && fresh;
  const double by_cell = both ? gain(cells.all) : by_repeated * by_fresh;
  wealth.of(Factor::kCall).Multiply(expert, by_cell);
  wealth.of(Factor::kLate).Multiply(expert, by_cell);
  wealth.of(Factor::kSize)
      .Multiply(expert, gain(both       ? cells.dosed
                             : repeated ? cells.dosed_given_fresh
                                        : cells.dosed_given_repeated));
}

}  // namespace goleakstress::experiment
