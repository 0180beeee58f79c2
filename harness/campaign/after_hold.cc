#include "harness/campaign/after_hold.h"

#include <algorithm>
#include <cstddef>

#include "harness/campaign/series.h"

namespace goleakstress::campaign {
namespace {

constexpr double kPart = 0.1;     // of what came: that went between two readings, and that is left
constexpr double kEmptied = 0.5;  // of what came, that went
constexpr double kHardly = 0.25;  // of the rise in as many calls before
constexpr double kLeastThings =
    16;  // in these: of a Poisson number of them less than one in 1,000 is a quarter
constexpr double kLeastSteps = 2;  // of an array, that were due

// What as many calls as were made after the hold added at the end of those before.
double RiseBefore(const AfterHold& calls, size_t site) {
  const int64_t since = calls.calls_at.back() - calls.made;
  size_t row = calls.history.size() - 1;
  while (row > 0 && calls.calls_at[row] > since) --row;
  const auto span = static_cast<double>(calls.calls_at.back() - calls.calls_at[row]);
  return (LevelIn(calls.history.back(), site) - LevelIn(calls.history[row], site)) *
         static_cast<double>(calls.made) / std::max(1.0, span);
}

// The smallest step that the level took, as a part of what it was, since it was a quarter of what it is:
// arrays grow by the same part each time, which is known of some.
double SmallestStep(const AfterHold& calls, size_t site) {
  const double least = LevelIn(calls.history.back(), site) / 4;
  const double known = LevelIn(calls.steps, site);
  double smallest = known > 0 ? known : 1;
  for (size_t row = 1; row < calls.history.size(); ++row) {
    const double before = LevelIn(calls.history[row - 1], site),
                 rise = LevelIn(calls.history[row], site) - before;
    if (before >= std::max(1.0, least) && rise > 0) smallest = std::min(smallest, rise / before);
  }
  return smallest;
}

bool WasEmptied(const AfterHold& calls, size_t site) {
  const double end = LevelIn(calls.history.back(), site), came = end - LevelIn(calls.history.front(), site);
  const double left = std::min(calls.held[site], calls.after[site]);  // the next call may have swept it
  return came >= kLeastThings * calls.things[site] && end - left >= kEmptied * came;
}

bool IsFilledAnew(const AfterHold& calls, size_t site) {
  const double before = RiseBefore(calls, site);
  return before >= kLeastThings * calls.things[site] &&
         before >= kLeastSteps * SmallestStep(calls, site) * LevelIn(calls.history.back(), site) &&
         calls.after[site] - calls.held[site] <= kHardly * before;
}

}  // namespace

std::vector<double> LevelsThatStay(const AfterHold& calls) {
  std::vector<double> levels = calls.held;
  bool emptied = false;
  for (size_t i = 0; i < levels.size(); ++i) emptied = emptied || WasEmptied(calls, i);
  const double before = std::max(1.0, static_cast<double>(calls.calls_at.back() - calls.calls_at.front()));
  for (size_t i = 0; i < levels.size(); ++i) {
    const double first = LevelIn(calls.history.front(), i), grown = levels[i] - first;
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
    const double came = LevelIn(before, i) - LevelIn(first, i), left = now[i] - LevelIn(first, i);
    if (came >= kLeastThings * things[i] && came - left >= kPart * came && left >= kPart * came) return true;
  }
  return false;
}

}  // namespace goleakstress::campaign
