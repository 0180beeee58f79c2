#include "harness/input/distinct_counter.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace goleakstress::input {
namespace {

// The finalizer of splitmix64 (Steele, Lea, Flood 2014): every bit of the hash decides every bit of the
// result.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

void DistinctCounter::Add(uint64_t hash) {
  const uint64_t mixed = Mix(hash);
  uint8_t& most = registers_[mixed >> (64 - kIndexBits)];
  const int zeros = std::min(std::countl_zero(mixed << kIndexBits), 64 - kIndexBits);
  most = std::max(most, static_cast<uint8_t>(zeros + 1));
  if (!few_) return;
  exact_.insert(hash);
  if (exact_.size() > kMostExact) {
    few_ = false;
    exact_ = {};
  }
}

void DistinctCounter::Add(const DistinctCounter& other) {
  for (size_t i = 0; i < registers_.size(); ++i) registers_[i] = std::max(registers_[i], other.registers_[i]);
  few_ = few_ && other.few_;
  if (few_) exact_.insert(other.exact_.begin(), other.exact_.end());
  if (few_ && exact_.size() <= kMostExact) return;
  few_ = false;
  exact_ = {};
}

int64_t DistinctCounter::Count() const {
  if (few_) return static_cast<int64_t>(exact_.size());
  const auto size = static_cast<double>(registers_.size());
  double sum = 0;
  for (const uint8_t most : registers_) sum += std::ldexp(1.0, -most);
  const double estimate = 0.7213 / (1 + 1.079 / size) * size * size / sum;
  // Where registers are empty their number tells more (linear counting), as in the paper.
  const auto empty = static_cast<double>(std::count(registers_.begin(), registers_.end(), 0));
  return std::llround(estimate <= 2.5 * size && empty > 0 ? size * std::log(size / empty) : estimate);
}

}  // namespace goleakstress::input
