#include "harness/campaign/rotation.h"

namespace goleakstress::campaign {

std::optional<size_t> Rotation::Next() const {
  const bool by_gain = turns_ % 2 == 1;
  std::optional<size_t> next;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const One& one = entries_[i];
    if (one.left) continue;
    if (!next) {
      next = i;
      continue;
    }
    const One& best = entries_[*next];
    if (by_gain && one.gain != best.gain ? one.gain > best.gain : one.last < best.last) next = i;
  }
  return next;
}

void Rotation::Had(size_t entry, double gain) {
  entries_[entry].gain = entries_[entry].gain / 2 + gain;
  entries_[entry].last = ++turns_;
}

}  // namespace goleakstress::campaign
