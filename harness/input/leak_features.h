#ifndef GOLEAKSTRESS_HARNESS_INPUT_LEAK_FEATURES_H_
#define GOLEAKSTRESS_HARNESS_INPUT_LEAK_FEATURES_H_

// What calls leave behind, as features beside the edges: one per kind of growth, place and magnitude. The
// engine shows them to libFuzzer, and a merge keeps what shows them.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace goleakstress::input {

enum class LeakKind : size_t { kGoroutines, kResources, kHeap };
inline constexpr size_t kLeakKinds = 3, kLeakSites = 64, kLeakMagnitudes = 16;
inline constexpr size_t kLeakFeatures = kLeakKinds * kLeakSites * kLeakMagnitudes;

// So many calls of one input, with changing keys, tell whether the heap keeps something of each.
inline constexpr size_t kSoakCalls = 64;
// Calls that keep nothing leave 0 to 2 objects behind.
inline constexpr int64_t kSoakNoise = 8;

// Below kLeakFeatures; nothing where nothing grew. `site` says only whether two places are the same.
inline std::optional<size_t> LeakFeature(LeakKind kind, uint64_t site, int64_t growth) {
  if (growth <= 0) return std::nullopt;
  const auto width = static_cast<size_t>(std::bit_width(static_cast<uint64_t>(growth)));
  const size_t magnitude = std::min(width, kLeakMagnitudes) - 1;
  return (static_cast<size_t>(kind) * kLeakSites + site % kLeakSites) * kLeakMagnitudes + magnitude;
}

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_LEAK_FEATURES_H_
