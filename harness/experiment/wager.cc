#include "harness/experiment/wager.h"

#include <algorithm>
#include <cmath>

namespace goleakstress::experiment {

double Wealth::LogE(Factor factor) const {
  const auto& logs = logs_[static_cast<size_t>(factor)];
  const double top = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (double v : logs) sum += std::exp(v - top);
  return top + std::log(sum / static_cast<double>(logs.size()));
}

void Wealth::Forfeit(double log_stake) {
  for (auto& logs : logs_) {
    for (double& v : logs) v += log_stake;
  }
}

void Likelihoods(const Options& options, size_t size, double degrees, const Predictor& predictor,
                 double target, std::vector<double>& likelihoods) {
  const size_t n = options.size();
  likelihoods.resize(n);
  double top = -INFINITY;
  for (size_t i = 0; i < n; ++i) {
    double error = target;
    for (size_t r = 0; r < size; ++r) error -= predictor.slope[r] * options.x[r][i];
    const double q = error * error * options.shrink[i] / (2 * predictor.squares);
    likelihoods[i] = options.half_log_shrink[i] - (degrees + 0.5) * std::log1p(q);
    top = std::max(top, likelihoods[i]);
  }
  for (double& v : likelihoods) v = std::exp(v - top);
}

double LogGain(std::span<const double> likelihoods, std::span<const double> weights,
               std::span<const size_t> among, size_t chosen, double floor) {
  double weighted = 0, weight = 0;
  auto add = [&](size_t i) {
    weighted += likelihoods[i] * weights[i];
    weight += weights[i];
  };
  if (among.empty()) {
    for (size_t i = 0; i < likelihoods.size(); ++i) add(i);
  } else {
    for (size_t i : among) add(i);
  }
  // All options equally impossible (the likely ones are outside `among`): no information, keep the stake.
  if (!(weighted > 0)) return 0;
  return std::log((1 - floor) * likelihoods[chosen] * weight / weighted + floor);
}

void Bet(const Design& design, const Batch& batch, const Expert& expert, size_t index,
         const Predictor& predictor, double target, double floor, Wealth& wealth) {
  static thread_local std::vector<double> likelihoods;
  const Expert::Growth up = expert.Expects(predictor);
  if (up.repeated || up.fresh) {
    Likelihoods(expert.by_cell(), expert.size(), expert.degrees(), predictor, target, likelihoods);
    auto gain = [&](std::span<const size_t> among) {
      return LogGain(likelihoods, design.weights(), among, batch.cell, floor);
    };
    const double by_repeated = up.repeated ? gain(design.same_fresh(batch.cell)) : 0;
    const double by_fresh = up.fresh ? gain(design.same_repeated(batch.cell)) : 0;
    wealth.Add(Factor::kRepeated, index, by_repeated);
    wealth.Add(Factor::kFresh, index, by_fresh);
    wealth.Add(Factor::kCall, index, up.repeated && up.fresh ? gain({}) : by_repeated + by_fresh);
  }
  if (up.time) {
    Likelihoods(expert.by_idle(), expert.size(), expert.degrees(), predictor, target, likelihoods);
    const std::vector<double> uniform(likelihoods.size(), 1.0);
    wealth.Add(Factor::kTime, index, LogGain(likelihoods, uniform, {}, batch.idle, floor));
  }
}

}  // namespace goleakstress::experiment
