#include "harness/experiment/hold.h"

namespace goleakstress::experiment {

double SurvivedSeconds(std::span<const Held> held, double start, double end, double keep) {
  double survived = 0;
  for (const Held& h : held) {
    if (h.level - start < keep * (end - start)) break;
    survived = h.seconds;
  }
  return survived;
}

bool GrowsInHold(std::span<const Held> held, std::span<const Reading> readings, double resolution) {
  const Reading &first = readings.front(), &last = readings.back();
  const double elapsed = last.seconds - first.seconds, growth = last.level - first.level;
  if (growth <= 0) return false;
  for (const Held& h : held) {
    if (h.seconds < elapsed / 4) continue;
    const double added = h.level - last.level;
    return added > OwnNoise(readings, resolution) && added / h.seconds * elapsed > 0.5 * growth;
  }
  return false;
}

}  // namespace goleakstress::experiment
