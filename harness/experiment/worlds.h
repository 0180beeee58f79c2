// Simulated targets for tests, tables and benchmarks: each is one site whose true nature is known.
#ifndef HARNESS_EXPERIMENT_WORLDS_H_
#define HARNESS_EXPERIMENT_WORLDS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/experiment/random.h"
#include "harness/experiment/verdict.h"

namespace goleakstress::experiment {

// Randomness of the simulated world: the same on every compiler, independent of the experiment's own draws.
class WorldRandom {
 public:
  explicit WorldRandom(uint64_t seed) : random_(seed) {}
  double Unit() { return random_.Unit(); }
  double Gauss();  // standard normal
  int64_t Binomial(int64_t n, double p);
  int64_t Poisson(double mean);

 private:
  Random random_;
};

// What disturbs the reading of any world.
struct Noise {
  double jitter = 0;         // mean of a Poisson count in flight
  double load_sd = 0;        // sd of a wandering load (Ornstein-Uhlenbeck)...
  double load_seconds = 20;  // ...and its correlation time
  double spike = 0;          // size of heavy-tailed spikes, in 15 % of the readings
  double resolution = 1;
};

class World {
 public:
  World(uint64_t seed, const Noise& noise);
  virtual ~World() = default;

  // Makes n calls in bursts of at most `burst`.
  void Call(int64_t n, bool fresh, int64_t burst);
  void PassTime(double seconds);
  double Read();

  double now() const { return now_; }
  double resolution() const { return noise_.resolution; }

 protected:
  virtual void OnCalls(int64_t n, bool fresh) { static_cast<void>(n), static_cast<void>(fresh); }
  virtual void OnBurst(int64_t n) { static_cast<void>(n); }
  virtual void OnTime(double seconds) { static_cast<void>(seconds); }
  virtual double Level() { return x_; }

  WorldRandom random_;
  double now_ = 0;
  int64_t calls_ = 0;
  double x_ = 0;

 private:
  Noise noise_;
  double load_ = 0;
};

inline constexpr double kWorldCallSeconds = 0.0002;

struct Archetype {
  std::string name;
  char kind;      // L leak, N not a leak, H bounded or released beyond the horizons
  Driver driver;  // of a leak
  std::function<std::unique_ptr<World>(uint64_t seed)> make;
};

// Those that the constants were tuned on (L, N, H); those held out from them (M, K); those written before the
// constants were changed again (Q), before fading growth was told by its shape (V), and before things were
// counted (W).
std::vector<Archetype> AllArchetypes();

// Worlds with a parameter, for ladders.
std::unique_ptr<World> MakePerCall(uint64_t seed, double units, double probability, const Noise& noise);
std::unique_ptr<World> MakeBoundedCache(uint64_t seed, int64_t capacity, const Noise& noise);
std::unique_ptr<World> MakeFlushed(uint64_t seed, int64_t period);
std::unique_ptr<World> MakeReleased(uint64_t seed, double seconds);
std::unique_ptr<World> MakeFlat(uint64_t seed, const Noise& noise);

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_WORLDS_H_
