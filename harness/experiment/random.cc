#include "harness/experiment/random.h"

namespace goleakstress::experiment {

uint64_t Random::Below(uint64_t n) {
  const uint64_t reject_below = (0 - n) % n;  // 2^64 mod n: the draws that would favour small results
  uint64_t draw = engine_();
  while (draw < reject_below) draw = engine_();
  return draw % n;
}

double Random::Unit() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

size_t Random::Weighted(std::span<const double> weights) {
  double sum = 0;
  for (double w : weights) sum += w;
  double left = Unit() * sum;
  size_t last = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0) continue;
    last = i;
    if (left < weights[i]) return i;
    left -= weights[i];
  }
  return last;  // rounding left a crumb
}

}  // namespace goleakstress::experiment
