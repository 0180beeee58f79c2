#include "harness/experiment/ebh.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace goleakstress::experiment {

std::vector<bool> EBenjaminiHochberg(std::span<const double> log_e, double family, double alpha) {
  std::vector<double> sorted(log_e.begin(), log_e.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  double line = INFINITY;  // reject what is at or above it
  for (size_t k = 1; k <= sorted.size(); ++k) {
    if (sorted[k - 1] >= std::log(family / (alpha * static_cast<double>(k)))) line = sorted[k - 1];
  }
  std::vector<bool> rejected(log_e.size());
  for (size_t i = 0; i < log_e.size(); ++i) rejected[i] = log_e[i] >= line;
  return rejected;
}

}  // namespace goleakstress::experiment
