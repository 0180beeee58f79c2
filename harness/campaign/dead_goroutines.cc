#include "harness/campaign/dead_goroutines.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>

namespace goleakstress::campaign {

double CameSince(const GoroutineHistory& history) {
  return history.levels.empty() ? 0 : history.levels.back() - history.levels.front();
}

bool CameWithCalls(const GoroutineHistory& history, double dead) {
  if (std::min(dead, CameSince(history)) < kFewDead) return false;
  const int64_t half = history.calls.front() + (history.calls.back() - history.calls.front()) / 2;
  int rises = 0;
  bool late = false;
  for (size_t row = 1; row < history.levels.size(); ++row) {
    if (history.levels[row] <= history.levels[row - 1]) continue;
    ++rises;
    late = late || history.calls[row] > half;
  }
  return rises > 1 && late;
}

void SetDeadRate(const GoroutineHistory& history, double dead, explain::GrowingSite* site) {
  const auto calls = static_cast<double>(std::max<int64_t>(1, history.calls.back() - history.calls.front()));
  const double count = std::min(dead, CameSince(history));
  const auto quantile = [](double degrees, double p) {
    return boost::math::quantile(boost::math::chi_squared(degrees), p) / 2;
  };
  site->rate = count / calls;
  site->rate_low = quantile(2 * count, 0.025) / calls;
  site->rate_high = quantile(2 * count + 2, 0.975) / calls;
}

}  // namespace goleakstress::campaign
