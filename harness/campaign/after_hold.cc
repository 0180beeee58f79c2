#include "harness/campaign/after_hold.h"

#include <algorithm>
#include <cstddef>

namespace goleakstress::campaign {
namespace {

constexpr double kPart = 0.1;
constexpr double kEmptied = 0.5;  // of what came, that went
constexpr double kHardly = 0.25;  // of the rise in as many calls before
constexpr double kLeastThings =
    16;  // in these: of a Poisson number of them less than one in 1,000 is a quarter
constexpr double kLeastSteps = 2;  // of an array, that were due

double At(const std::vector<double>& levels, size_t site) { return site < levels.size() ? levels[site] : 0; }

// What as many calls as were made after the hold added at the end of those before.
double RiseBefore(const AfterHold& calls, size_t site) {
  const int64_t since = calls.calls_at.back() - calls.made;
  size_t row = calls.history.size() - 1;
  while (row > 0 && calls.calls_at[row] > since) --row;
  const auto span = static_cast<double>(calls.calls_at.back() - calls.calls_at[row]);
  return (At(calls.history.back(), site) - At(calls.history[row], site)) * static_cast<double>(calls.made) /
         std::max(1.0, span);
}

// The smallest step that the level took, as a part of what it was, since it was a quarter of what it is:
// arrays grow by the same part each time.
double SmallestStep(const AfterHold& calls, size_t site) {
  const double least = At(calls.history.back(), site) / 4;
  double smallest = 1;
  for (size_t row = 1; row < calls.history.size(); ++row) {
    const double before = At(calls.history[row - 1], site), rise = At(calls.history[row], site) - before;
    if (before >= std::max(1.0, least) && rise > 0) smallest = std::min(smallest, rise / before);
  }
  return smallest;
}

bool WasEmptied(const AfterHold& calls, size_t site) {
  const double end = At(calls.history.back(), site), came = end - At(calls.history.front(), site);
  const double left = std::min(calls.held[site], calls.after[site]);  // the next call may have swept it
  return came >= kLeastThings * calls.things[site] && end - left >= kEmptied * came;
}

bool IsFilledAnew(const AfterHold& calls, size_t site) {
  const double before = RiseBefore(calls, site);
  return before >= kLeastThings * calls.things[site] &&
         before >= kLeastSteps * SmallestStep(calls, site) * At(calls.history.back(), site) &&
         calls.after[site] - calls.held[site] <= kHardly * before;
}

}  // namespace

std::vector<double> LevelsThatStay(const AfterHold& calls) {
  std::vector<double> levels = calls.held;
  bool emptied = false;
  for (size_t i = 0; i < levels.size(); ++i) emptied = emptied || WasEmptied(calls, i);
  const double before = std::max(1.0, static_cast<double>(calls.calls_at.back() - calls.calls_at.front()));
  for (size_t i = 0; i < levels.size(); ++i) {
    const double first = At(calls.history.front(), i), grown = levels[i] - first;
    if (emptied && !calls.failed && grown > 0 && IsFilledAnew(calls, i)) {
      levels[i] = first;
      continue;
    }
    const double fell = levels[i] - calls.after[i];
    if (fell <= 0) continue;
    const double anew =
        fell > (1 - calls.keep) * grown ? std::max(0.0, grown) * static_cast<double>(calls.made) / before : 0;
    levels[i] -= fell + anew;
  }
  return levels;
}

bool IsBeingReleased(const std::vector<double>& first, const std::vector<double>& before,
                     const std::vector<double>& now, const std::vector<double>& things) {
  for (size_t i = 0; i < now.size(); ++i) {
    const double came = At(before, i) - At(first, i), left = now[i] - At(first, i);
    if (came >= kLeastThings * things[i] && came - left >= kPart * came && left >= kPart * came) return true;
  }
  return false;
}

}  // namespace goleakstress::campaign
