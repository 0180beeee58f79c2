// The experiment's own randomness: the same seed gives the same draws with every compiler and standard
// library, which the distributions of <random> do not promise (its engines do).
#ifndef HARNESS_EXPERIMENT_RANDOM_H_
#define HARNESS_EXPERIMENT_RANDOM_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace goleakstress::experiment {

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  // Uniform in 0..n-1, without modulo bias; n >= 1.
  uint64_t Below(uint64_t n);
  // Uniform in [0, 1), 53 bits.
  double Unit();
  // An index drawn with probability weights[i] / sum; weights are finite, not negative, their sum positive.
  size_t Weighted(std::span<const double> weights);

 private:
  std::mt19937_64 engine_;
};

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_RANDOM_H_
