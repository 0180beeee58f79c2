// Logarithm and exponential from IEEE arithmetic alone: the same bits with every compiler and C library, and
// plain enough for loops over them to be vectorised. Relative error below 1e-14.
#ifndef HARNESS_EXPERIMENT_ELEMENTARY_H_
#define HARNESS_EXPERIMENT_ELEMENTARY_H_

#include <bit>
#include <cstdint>

namespace goleakstress::experiment {

// x positive, finite and not subnormal.
inline double Log(double x) {
  // x = m 2^e with m in [sqrt(1/2), sqrt(2)); log m = 2 artanh((m - 1) / (m + 1)).
  constexpr uint64_t kRootHalf = 0x3FE6A09E667F3BCDULL, kMantissa = (1ULL << 52) - 1;
  const uint64_t shifted = std::bit_cast<uint64_t>(x) - kRootHalf + (1023ULL << 52);
  const double exponent = std::bit_cast<double>((shifted >> 52) | 0x4330000000000000ULL) - (0x1p52 + 1023);
  const double m = std::bit_cast<double>((shifted & kMantissa) + kRootHalf);
  const double f = (m - 1) / (m + 1), s = f * f;
  double p = 2.0 / 19;
  p = p * s + 2.0 / 17;
  p = p * s + 2.0 / 15;
  p = p * s + 2.0 / 13;
  p = p * s + 2.0 / 11;
  p = p * s + 2.0 / 9;
  p = p * s + 2.0 / 7;
  p = p * s + 2.0 / 5;
  p = p * s + 2.0 / 3;
  return exponent * 0.6931471805599453 + (f * s * p + 2 * f);
}

// Below -700 as at -700, above 700 as at 700.
inline double Exp(double x) {
  x = x < -700 ? -700 : x;
  x = x > 700 ? 700 : x;
  constexpr double kToNearest = 0x1.8p52;
  const double shifted = x * 1.4426950408889634 + kToNearest;
  const double k = shifted - kToNearest;
  const double r = (x - k * 0x1.62E42FEFA38p-1) - k * 0x1.EF35793C7673p-45;
  double p = 1.0 / 479001600;
  p = p * r + 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  const uint64_t power = (std::bit_cast<uint64_t>(shifted) + 1023) << 52;  // low bits of `shifted` hold k
  return p * std::bit_cast<double>(power);
}

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_ELEMENTARY_H_
