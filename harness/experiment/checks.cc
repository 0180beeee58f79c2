#include "harness/experiment/checks.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace goleakstress::experiment {
namespace {

constexpr double kStalled = 0.25;
constexpr double kManyNoises = 6;       // a fall beyond so many times the own noise is no noise
constexpr int64_t kLargestPeriod = 64;  // of an exact ratio

}  // namespace

std::vector<Step> Steps(std::span<const Reading> readings) {
  std::vector<Step> steps;
  for (size_t i = 1; i < readings.size(); ++i) {
    steps.push_back({readings[i].calls - readings[i - 1].calls, readings[i].axis - readings[i - 1].axis,
                     readings[i].level - readings[i - 1].level, readings[i].fresh - readings[i - 1].fresh});
  }
  return steps;
}

double OwnNoise(std::span<const Reading> readings, double resolution) {
  double squares = 0, count = 0;
  for (const Step& step : Steps(readings)) {
    if (step.calls > 0) continue;
    squares += step.change * step.change;
    ++count;
  }
  return std::max(0.5 * resolution, std::sqrt(squares / std::max(1.0, count)));
}

Turnover TurnsOver(std::span<const Reading> readings, double resolution, double net) {
  if (readings.size() < 2) return {};
  const double noise = OwnNoise(readings, resolution);
  std::vector<std::pair<double, double>> rates;  // change per call of the axis, and how many
  double falls = 0, total = 0;
  for (const Step& step : Steps(readings)) {
    if (step.change < -kManyNoises * noise) falls -= step.change;
    if (step.axis <= 0) continue;
    rates.emplace_back(step.change / step.axis, step.axis);
    total += step.axis;
  }
  std::sort(rates.begin(), rates.end());
  double typical = 0, left = total / 2;
  for (const auto& [rate, axis] : rates) {
    left -= axis;
    if (left <= 0) {
      typical = rate;
      break;
    }
  }
  const double grown = readings.back().level - readings.front().level;
  return {grown < falls, grown < net * typical * total};
}

double FloorRise(std::span<const Reading> readings) {
  const double middle = (readings.front().axis + readings.back().axis) / 2;
  double before = readings.front().level, since = readings.back().level;
  for (const Reading& reading : readings) {
    double& floor = reading.axis <= middle ? before : since;
    floor = std::min(floor, reading.level);
  }
  return since - before;
}

bool Decelerates(std::span<const Reading> readings, double tail) {
  if (readings.size() < 3) return false;
  const Reading &first = readings.front(), &last = readings.back();
  const Reading& middle =
      *std::min_element(readings.begin(), readings.end(), [&](const Reading& a, const Reading& b) {
        return std::abs(a.axis - last.axis / 2) < std::abs(b.axis - last.axis / 2);
      });
  const double after = (last.level - middle.level) / std::max(1.0, last.axis - middle.axis);
  const double before = (middle.level - first.level) / std::max(1.0, middle.axis - first.axis);
  return after < tail * before;
}

bool Stalls(std::span<const Reading> readings, double resolution, double horizon) {
  const Reading &first = readings.front(), &last = readings.back();
  const auto beyond =
      std::find_if(readings.begin(), readings.end(), [&](const Reading& r) { return r.axis >= horizon; });
  if (beyond == readings.end() || beyond->axis == last.axis) return true;
  const double before = (beyond->level - first.level) / std::max(1.0, beyond->axis - first.axis);
  const double promised = before * (last.axis - beyond->axis);
  return promised > kManyNoises * OwnNoise(readings, resolution) &&
         last.level - beyond->level < kStalled * promised;
}

double SmallestRefuted(std::span<const double> rates, std::span<const Reading> readings) {
  const Reading& last = readings.back();
  const Reading& from = *std::find_if(readings.begin(), readings.end(),
                                      [&](const Reading& r) { return r.calls >= last.calls / 4; });
  const double rose = (last.level - from.level) / std::max(1.0, last.calls - from.calls);
  const auto found = std::find_if(rates.begin(), rates.end(), [&](double rate) { return rate >= 2 * rose; });
  return found == rates.end() ? 0 : *found;
}

bool Proportional(std::span<const Reading> readings, double share) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const Step& s : Steps(readings)) {
    if (s.axis <= 0) continue;
    n += 1, x += s.axis, y += s.change, xx += s.axis * s.axis, xy += s.axis * s.change;
  }
  // Slope at least share * y / x, with the denominators multiplied out; both are positive by Cauchy-Schwarz.
  return (n * xy - x * y) * x >= share * y * (n * xx - x * x);
}

Rate EstimateRate(std::span<const Reading> readings) {
  const std::vector<Step> steps = Steps(readings);
  if (steps.empty()) return {};
  const double n = static_cast<double>(steps.size());
  double mean_x = 0, mean_y = 0;
  for (const Step& s : steps) {
    mean_x += s.axis / n;
    mean_y += s.change / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const Step& s : steps) {
    xx += (s.axis - mean_x) * (s.axis - mean_x);
    xy += (s.axis - mean_x) * (s.change - mean_y);
    yy += (s.change - mean_y) * (s.change - mean_y);
  }
  if (!(xx > 0) || n < 3) return {};
  const double rate = xy / xx;
  const double error = std::sqrt(std::max(0.0, yy - rate * xy) / (n - 2) / xx);
  return {rate, rate - 2 * error, rate + 2 * error};
}

std::optional<Ratio> ExactRatio(std::span<const Reading> readings, double resolution, double rate) {
  // Convergents of the continued fraction of the rate.
  int64_t p0 = 0, q0 = 1, p1 = 1, q1 = 0;
  double rest = rate;
  if (!(rate > 0) || rate > 1e12) return std::nullopt;
  for (int i = 0; i < 20; ++i) {
    const int64_t whole = static_cast<int64_t>(std::floor(rest + 1e-9));
    const int64_t p2 = whole * p1 + p0, q2 = whole * q1 + q0;
    if (q2 > kLargestPeriod) return std::nullopt;
    p0 = p1, q0 = q1, p1 = p2, q1 = q2;
    const double ratio = static_cast<double>(p1) / static_cast<double>(q1);
    bool fits = p1 > 0;
    for (const Step& step : Steps(readings))
      fits = fits && std::abs(step.change - ratio * step.axis) < 1.001 * resolution;
    if (fits) return Ratio{p1, q1};
    const double fraction = rest - static_cast<double>(whole);
    if (fraction < 1e-9) return std::nullopt;
    rest = 1 / fraction;
  }
  return std::nullopt;
}

double GrowthExponent(std::span<const Reading> readings, double first_level) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const Reading& r : readings) {
    const double grown = r.level - first_level;
    if (grown <= 0 || r.axis <= 0) continue;
    const double x = std::log(r.axis), y = std::log(grown);
    ++n, sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const double spread = n * sxx - sx * sx;
  return n >= 3 && spread > 1e-9 ? (n * sxy - sx * sy) / spread : 0;
}

}  // namespace goleakstress::experiment
