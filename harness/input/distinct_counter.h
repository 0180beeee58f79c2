// How many distinct inputs there were, in memory that does not grow with them.
//
// Exact while they are few, then an estimate by HyperLogLog (Flajolet, Fusy, Gandouet, Meunier 2007): 2^14
// registers, a standard error of 0.8 %.
#ifndef HARNESS_INPUT_DISTINCT_COUNTER_H_
#define HARNESS_INPUT_DISTINCT_COUNTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_set>

namespace goleakstress::input {

// Not thread-safe.
class DistinctCounter {
 public:
  static constexpr size_t kMostExact = 10'000;

  void Add(uint64_t hash);
  void Add(const DistinctCounter& other);  // what both have seen counts once
  int64_t Count() const;

 private:
  static constexpr int kIndexBits = 14;

  std::array<uint8_t, size_t{1} << kIndexBits> registers_ = {};
  std::unordered_set<uint64_t> exact_;  // until there are more than kMostExact
  bool few_ = true;
};

}  // namespace goleakstress::input

#endif  // HARNESS_INPUT_DISTINCT_COUNTER_H_
