#include "harness/experiment/pace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/experiment/elementary.h"

namespace goleakstress::experiment {
namespace {

constexpr double kWindow = 1.0 / 8;  // of the axis: three octaves
constexpr double kLeastDispersion =
    0.05;  // growth that is exact to the unit still counts as no more than this makes it

// A batch with calls, in shares of the calls and of the growth that it would have under each rate.
struct Part {
  double constant, fading;
  double change;
  double Weight() const { return Log(constant / fading); }
};

double Squared(double x) { return x * x; }

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
  const std::span<const Reading> readings(begin, all.end());
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
  const double variance = in_steps ? VarianceAroundLine(readings) : 0.5 * noise * noise;
  // Noise by itself makes squares of up to so many times its own.
  const double count = static_cast<double>(parts.size());
  const double by_noise = noise * noise * (count + 2 * std::sqrt(2 * count));
  const double lumps = in_steps ? 0 : squares - by_noise;
  const double units = std::max(kLeastDispersion * resolution, lumps / grown);
  const double blur = information > 0 ? variance * moved / information : 0;
  return {evidence / (units + blur), blur > units};
}

bool KeepsPace(const Pace& pace, const Plan& plan) {
  return pace.evidence >= (pace.blurred ? 0 : Log(plan.pace));
}

}  // namespace goleakstress::experiment
