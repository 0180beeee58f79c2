#ifndef GOLEAKSTRESS_HARNESS_INPUT_RANDOM_H_
#define GOLEAKSTRESS_HARNESS_INPUT_RANDOM_H_

#include <cstdint>

namespace goleakstress::input {

// xoshiro256** of Blackman and Vigna, seeded by splitmix64: the same numbers from the same seed on every
// machine and with every standard library, which std's distributions do not promise. Not for secrets. Not
// thread-safe.
class Random {
 public:
  explicit Random(uint64_t seed) {
    for (uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }

  uint64_t Next() {
    const uint64_t result = Rotate(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = Rotate(state_[3], 45);
    return result;
  }

  // From 0 to n - 1; 0 when n is 0. Its bias, below n / 2^32, is nothing to a mutator. Pre: n < 2^32.
  uint64_t Below(uint64_t n) { return ((Next() >> 32) * n) >> 32; }
  // From 1 to n.
  uint64_t UpTo(uint64_t n) { return 1 + Below(n); }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  char Byte() { return static_cast<char>(Next() >> 56); }

 private:
  static uint64_t Rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

  uint64_t state_[4];
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_RANDOM_H_
