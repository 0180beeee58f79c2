#include <algorithm>
#include <cmath>
#include <numbers>

#include "harness/experiment/worlds.h"

namespace goleakstress::experiment {

double WorldRandom::Gauss() {
  const double radius = std::sqrt(-2 * std::log(1 - Unit()));
  return radius * std::cos(2 * std::numbers::pi * Unit());
}

int64_t WorldRandom::Binomial(int64_t n, double p) {
  const double mean = static_cast<double>(n) * p;
  if (mean * (1 - p) > 50) {
    return std::clamp<int64_t>(std::llround(mean + std::sqrt(mean * (1 - p)) * Gauss()), 0, n);
  }
  int64_t hits = 0;
  for (int64_t i = 0; i < n; ++i) hits += Unit() < p;
  return hits;
}

int64_t WorldRandom::Poisson(double mean) {
  const double limit = std::exp(-mean);
  int64_t count = 0;
  for (double product = Unit(); product > limit; product *= Unit()) ++count;
  return count;
}

World::World(uint64_t seed, const Noise& noise) : random_(seed), noise_(noise) {
  if (noise_.load_sd > 0) load_ = noise_.load_sd * random_.Gauss();
}

void World::Call(int64_t n, bool fresh, int64_t burst) {
  if (n == 0) return;
  calls_ += n;
  OnBurst(std::min(n, burst));
  OnCalls(n, fresh);
  PassTime(static_cast<double>(n) * kWorldCallSeconds);
}

void World::PassTime(double seconds) {
  if (seconds <= 0) return;
  now_ += seconds;
  if (noise_.load_sd > 0) {
    const double keep = std::exp(-seconds / noise_.load_seconds);
    load_ = load_ * keep + noise_.load_sd * std::sqrt(1 - keep * keep) * random_.Gauss();
  }
  OnTime(seconds);
}

double World::Read() {
  double y = Level() + load_;
  if (noise_.jitter > 0) y += static_cast<double>(random_.Poisson(noise_.jitter));
  if (noise_.spike > 0 && random_.Unit() < 0.15) {
    y += noise_.spike * std::abs(random_.Gauss()) / std::max(0.05, random_.Unit());
  }
  return std::floor(y / noise_.resolution + 0.5) * noise_.resolution;
}

}  // namespace goleakstress::experiment
