#include "harness/experiment/pace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr double kWindow = 1.0 / 8;  // of the axis: three octaves
// Growth that is exact to the unit still counts as no more than this makes it.
constexpr double kLeastDispersion = 0.05;
constexpr double kMixtureLine = 20;        // of an F statistic with one degree of freedom
constexpr double kMovesOfSteps = 2.0 / 3;  // of the batches with calls, at most
constexpr double kLowQuantile = 2.33;      // normal deviate of 1 %

// A batch with calls, in shares of the calls and of the growth that it would have under each rate.
struct Part {
  double constant, fading;
  double change;
  double Weight() const { return Log(constant / fading); }
};

double Squared(double x) { return x * x; }
double Cubed(double x) { return x * x * x; }

// Regression through the origin of the changes of batches, on repeated and on fresh calls apart.
struct Mixture {
  double repeated = 0, fresh = 0;  // units per call
  double unexplained = 0;          // sum of squares
};

Mixture MixtureOf(std::span<const Reading> readings) {
  double rr = 0, rf = 0, ff = 0, ry = 0, fy = 0, yy = 0;
  for (const auto& [calls, axis, change, fresh] : Steps(readings)) {
    const double repeated = calls - fresh;
    rr += repeated * repeated, rf += repeated * fresh, ff += fresh * fresh;
    ry += repeated * change, fy += fresh * change, yy += change * change;
  }
  Mixture mixture;
  const double determinant = rr * ff - rf * rf;
  if (determinant > 1e-9 * rr * ff) {
    mixture.repeated = (ry * ff - fy * rf) / determinant;
    mixture.fresh = (fy * rr - ry * rf) / determinant;
  }
  if (mixture.repeated < 0) mixture = {.repeated = 0, .fresh = std::max(0.0, fy / ff)};
  if (mixture.fresh < 0) mixture = {.repeated = std::max(0.0, ry / rr), .fresh = 0};
  const double r = mixture.repeated, f = mixture.fresh;
  mixture.unexplained = yy - 2 * (r * ry + f * fy) + r * r * rr + 2 * r * f * rf + f * f * ff;
  return mixture;
}

// The sum of squares that one rate for all calls leaves, on an axis of which each reading has its place.
double UnexplainedBy(double (*place)(const Reading&), std::span<const Reading> readings) {
  double xx = 0, xy = 0, yy = 0;
  for (size_t i = 1; i < readings.size(); ++i) {
    const double calls = place(readings[i]) - place(readings[i - 1]);
    const double change = readings[i].level - readings[i - 1].level;
    xx += calls * calls, xy += calls * change, yy += change * change;
  }
  return yy - xy * xy / xx;
}

// The readings, on the axis of their mixture where that is so much better that chance seldom makes it so:
// better than fading is, too, for the doses of one time have more fresh calls than those of another.
std::vector<Reading> OnBestAxis(std::span<const Reading> readings) {
  std::vector<Reading> best(readings.begin(), readings.end());
  if (readings.back().fresh <= readings.front().fresh) return best;
  const Mixture mixture = MixtureOf(readings);
  const double degrees = static_cast<double>(readings.size()) - 3;
  const double unmixed =
      std::min(UnexplainedBy([](const Reading& r) { return r.axis; }, readings),
               UnexplainedBy([](const Reading& r) { return std::sqrt(r.axis); }, readings));
  if (degrees < 1 || !(mixture.repeated + mixture.fresh > 0) ||
      unmixed - mixture.unexplained < kMixtureLine * std::max(0.0, mixture.unexplained) / degrees + 1e-9)
    return best;
  for (Reading& r : best) r.axis = mixture.repeated * (r.calls - r.fresh) + mixture.fresh * r.fresh;
  return best;
}

// The mean square of a staircase's distance from the line between its ends.
double VarianceAroundLine(std::span<const Reading> readings) {
  const Reading &first = readings.front(), &last = readings.back();
  const double rate = (last.level - first.level) / (last.axis - first.axis);
  double squares = 0;
  for (const Reading& r : readings) squares += Squared(r.level - first.level - rate * (r.axis - first.axis));
  return squares / static_cast<double>(readings.size());
}

}  // namespace

Pace PaceOf(std::span<const Reading> all, double resolution, bool in_steps) {
  const double from = all.back().axis * kWindow;
  const auto begin = std::find_if(all.begin(), all.end(), [&](const Reading& r) { return r.axis >= from; });
  const std::vector<Reading> readings = OnBestAxis({begin, all.end()});
  const Reading &first = readings.front(), &last = readings.back();
  const double grown = last.level - first.level, axis = last.axis - first.axis;
  if (!(grown > 0) || !(axis > 0)) return {-std::numeric_limits<double>::infinity(), false};

  std::vector<Part> parts;
  const double roots = std::sqrt(last.axis) - std::sqrt(first.axis);
  for (size_t i = 1; i < readings.size(); ++i) {
    const Reading &before = readings[i - 1], &after = readings[i];
    if (after.axis <= before.axis) continue;
    parts.push_back({(after.axis - before.axis) / axis,
                     (std::sqrt(after.axis) - std::sqrt(before.axis)) / roots, after.level - before.level});
  }
  double evidence = 0, mean = 0, information = 0, squares = 0;
  for (const Part& part : parts) {
    evidence += part.change * part.Weight();
    mean += part.constant * part.Weight();
    squares += Squared(part.change - grown * part.constant);
  }
  for (const Part& part : parts) information += grown * part.constant * Squared(part.Weight() - mean);

  // What the level does by itself changes the ends, and moves growth between neighbours.
  const double noise = OwnNoise(all, resolution);
  double moved = Squared(parts.front().Weight() - mean) + Squared(parts.back().Weight() - mean);
  for (size_t i = 1; i < parts.size(); ++i) moved += Squared(parts[i].Weight() - parts[i - 1].Weight());
  // An array stands still for most batches: what does not is counted in units, however large they are.
  const auto moves = std::count_if(parts.begin(), parts.end(),
                                   [noise](const Part& part) { return std::abs(part.change) > 2 * noise; });
  if (static_cast<double>(moves) > kMovesOfSteps * static_cast<double>(parts.size())) in_steps = false;
  const double variance = in_steps ? VarianceAroundLine(readings) : 0.5 * noise * noise;
  // Noise by itself makes squares of up to so many times its own.
  const double count = static_cast<double>(parts.size());
  const double by_noise = noise * noise * (count + 2 * std::sqrt(2 * count));
  const double lumps = in_steps ? 0 : squares - by_noise;
  // That growth comes more evenly than single units do may be chance where there are few batches: the upper
  // end of what the squares allow, by a low quantile of their chi-square distribution (Wilson and Hilferty).
  const double low = Cubed(std::max(0.1, 1 - 2 / (9 * count) - kLowQuantile * std::sqrt(2 / (9 * count))));
  const double even = std::clamp(squares / grown / low, kLeastDispersion * resolution, resolution);
  const double units = std::max(even, lumps / grown);
  const double blur = information > 0 ? variance * moved / information : 0;
  return {evidence / (units + blur), blur > units};
}

bool KeepsPace(const Pace& pace, const Plan& plan) {
  return pace.evidence >= (pace.blurred ? 0 : Log(plan.pace));
}

}  // namespace goleakstress::experiment
