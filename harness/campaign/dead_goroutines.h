// Goroutines that can never run again, by proof: the runtime's goroutine leak profile lists what waits for
// something that nobody can reach. Each is a leak by itself, so a few that came with the calls say what no
// statistics on a thousand calls could: a leak in one call of a thousand is no less one.
#ifndef HARNESS_CAMPAIGN_DEAD_GOROUTINES_H_
#define HARNESS_CAMPAIGN_DEAD_GOROUTINES_H_

#include <cstdint>
#include <vector>

#include "harness/explain/site.h"

namespace goleakstress::campaign {

// So many of one site are no longer what is started once, on first use.
inline constexpr double kFewDead = 3;

// The goroutines of one site at each reading, and the calls made until then.
struct GoroutineHistory {
  std::vector<double> levels = {};
  std::vector<int64_t> calls = {};  // as long as levels
};

// Goroutines that came since the first reading.
double CameSince(const GoroutineHistory& history);

// Whether `dead` goroutines of the site came with the calls: kFewDead of them and more, at more than one
// reading, and some of them in the second half of the calls. What is started once for each of a few things
// comes early.
bool CameWithCalls(const GoroutineHistory& history, double dead);

// The rate at which they come, per call, with an interval of 95 % (Garwood 1936: exact for a Poisson count).
void SetDeadRate(const GoroutineHistory& history, double dead, explain::GrowingSite* site);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_DEAD_GOROUTINES_H_
