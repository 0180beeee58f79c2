#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "harness/experiment/world_kinds.h"
#include "harness/experiment/worlds.h"

namespace goleakstress::experiment {
namespace {

template <typename T, typename... Args>
std::unique_ptr<World> Make(uint64_t seed, Args&&... args) {
  return std::make_unique<T>(seed, std::forward<Args>(args)...);
}

// The bytes of the results of 300 tenants, each a slice that doubles, of which the last `most` are kept:
// three calls for one tenant after the other, so that all slices grow within a hundred calls.
double Tails(int64_t calls, int64_t most) {
  constexpr int64_t kTenants = 300, kEach = 3, kResult = 16;
  const auto room = [most](int64_t length) {
    return static_cast<double>(kResult) *
           D(length > most ? most + 6 : int64_t(std::bit_ceil(uint64_t(length))));
  };
  const int64_t each = kEach * calls / kTenants, ahead = kEach * calls % kTenants;
  return D(ahead) * room(each + 1) + D(kTenants - ahead) * room(each);
}

// The bytes of the last 600 values, whose sizes go up and down with the hours.
double DriftingSizes(int64_t calls) {
  double sum = 0;
  for (int64_t k = std::max<int64_t>(0, calls - 600); k < calls; ++k)
    sum += 300 + std::floor(150 * std::sin(D(k) / 1500));
  return sum;
}

double Log2(int64_t calls) { return std::floor(std::log2(1 + D(calls))); }

}  // namespace

std::unique_ptr<World> MakePerCall(uint64_t seed, double units, double probability, const Noise& noise) {
  return Make<PerCall>(seed, units, probability, noise);
}
std::unique_ptr<World> MakeBoundedCache(uint64_t seed, int64_t capacity, const Noise& noise) {
  return Make<PerKey>(seed, 1.0, capacity, noise);
}
std::unique_ptr<World> MakeFlushed(uint64_t seed, int64_t period) {
  return Make<OfCalls>(seed, [period](int64_t calls) { return D(calls % period); });
}
std::unique_ptr<World> MakeReleased(uint64_t seed, double seconds) {
  return Make<Released>(seed, seconds, Noise{});
}
std::unique_ptr<World> MakeFlat(uint64_t seed, const Noise& noise) {
  return Make<PerCall>(seed, 0.0, 1.0, noise);
}

namespace {

std::vector<Archetype> DesignArchetypes() {
  using enum Driver;
  const Noise heap{.load_sd = 64, .resolution = 1.0 / 64}, heap32{.load_sd = 32, .resolution = 1.0 / 64};
  const Noise load{.load_sd = 15};
  return {
      {"L01 1 per call, quiet", 'L', kCall, [](auto s) { return Make<PerCall>(s, 1.0, 1.0, Noise{}); }},
      {"L02 1 per call, wandering load", 'L', kCall,
       [=](auto s) { return Make<PerCall>(s, 1.0, 1.0, load); }},
      {"L03 1 in 64 calls, jitter", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 1.0, 1.0 / 64, Noise{.jitter = 0.5}); }},
      {"L04 fd on error path (10%)", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 1.0, 0.1, Noise{.jitter = 1}); }},
      {"L05 unbounded cache, quiet", 'L', kKey,
       [](auto s) { return Make<PerKey>(s, 1.0, kUnbounded, Noise{}); }},
      {"L06 unbounded cache, heap noise", 'L', kKey,
       [=](auto s) { return Make<PerKey>(s, 0.25, kUnbounded, heap); }},
      {"L07 append only (bytes, steps)", 'L', kCall,
       [](auto s) { return Make<Append>(s, false, kUnbounded, Noise{}); }},
      {"L08 map only grows (bytes, steps)", 'L', kKey, [](auto s) { return Make<SwissMap>(s); }},
      {"L09 1 per second, no call", 'L', kTime,
       [](auto s) { return Make<PerSecond>(s, 1.0, kNever, kNever); }},
      {"L10 64 B per call, 32 KiB noise", 'L', kCall,
       [=](auto s) { return Make<PerCall>(s, 1.0 / 16, 1.0, heap32); }},
      {"L11 leak 0.5 under sawtooth 100", 'L', kCall,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return D(n % 100) + std::floor(0.5 * D(n)); });
       }},
      {"L12 leak while backlog drains", 'L', kCall, [](auto s) { return Make<Draining>(s, 1.0); }},
      {"L13 500 once in 500 calls", 'L', kCall,
       [](auto s) { return Make<OfCalls>(s, [](int64_t n) { return D(500 * (n / 500)); }); }},
      {"L14 1 per call, spikes", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 1.0, 1.0, Noise{.spike = 40}); }},
      {"L15 starts after 600 calls", 'L', kCall,
       [](auto s) { return Make<OfCalls>(s, [](int64_t n) { return std::max(0.0, D(n - 600)); }); }},
      {"N01 flat, quiet", 'N', kNone, [](auto s) { return MakeFlat(s, {}); }},
      {"N02 flat, Poisson jitter", 'N', kNone, [](auto s) { return MakeFlat(s, {.jitter = 3}); }},
      {"N03 wandering load (AR)", 'N', kNone, [=](auto s) { return MakeFlat(s, load); }},
      {"N04 random walk", 'N', kNone, [](auto s) { return Make<RandomWalk>(s); }},
      {"N05 lazy singletons", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return (n > 0 ? 5 : 0) + std::min(20.0, D(n)); });
       }},
      {"N06 LRU of 200", 'N', kNone, [](auto s) { return MakeBoundedCache(s, 200, {}); }},
      {"N07 LRU of 1000", 'N', kNone, [](auto s) { return MakeBoundedCache(s, 1000, {}); }},
      {"N08 LRU of 3000, wandering load", 'N', kNone,
       [=](auto s) { return MakeBoundedCache(s, 3000, load); }},
      {"N09 finite key space 500, skewed", 'N', kNone,
       [](auto s) { return Make<KeySpace>(s, 500, 0.3, Noise{}); }},
      {"N10 idle pool to 100", 'N', kNone, [](auto s) { return Make<IdlePool>(s); }},
      {"N11 sync.Pool leftovers", 'N', kNone, [](auto s) { return Make<SyncPool>(s); }},
      {"N12 released after 5 s", 'N', kNone, [](auto s) { return MakeReleased(s, 5); }},
      {"N13 released after 60 s", 'N', kNone, [](auto s) { return MakeReleased(s, 60); }},
      {"N14 sawtooth, flush each 256", 'N', kNone, [](auto s) { return MakeFlushed(s, 256); }},
      {"N15 log growth", 'N', kNone,
       [](auto s) { return Make<OfCalls>(s, [](int64_t n) { return 10 * Log2(n); }); }},
      {"N16 exponential to plateau", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(
             s, [](int64_t n) { return std::floor(2000 * (1 - std::exp(-D(n) / 400))); }, Noise{.jitter = 1});
       }},
      {"N17 spikes only", 'N', kNone, [](auto s) { return MakeFlat(s, {.spike = 40}); }},
      {"N18 backlog drains", 'N', kNone, [](auto s) { return Make<Draining>(s, 0.0); }},
      {"N19 echo of the previous batch", 'N', kNone, [](auto s) { return Make<Echo>(s); }},
      {"H01 LRU of 20000 (> horizon)", 'H', kNone, [](auto s) { return MakeBoundedCache(s, 20000, {}); }},
      {"H02 released after 600 s", 'H', kNone, [](auto s) { return MakeReleased(s, 600); }},
      {"H03 1 per second to 300, then flat", 'H', kNone,
       [](auto s) { return Make<PerSecond>(s, 1.0, 300.0, kNever); }},
      {"H04 square-root growth", 'H', kNone,
       [](auto s) { return Make<OfCalls>(s, [](int64_t n) { return std::floor(20 * std::sqrt(D(n))); }); }},
  };
}

std::vector<Archetype> HeldOutArchetypes() {
  using enum Driver;
  return {
      {"M01 largest burst so far", 'N', kNone, [](auto s) { return Make<HighWater>(s); }},
      {"M02 random eviction, about 1500", 'N', kNone, [](auto s) { return Make<RandomEviction>(s); }},
      {"M03 random release, mean 30 s", 'N', kNone, [](auto s) { return Make<RandomRelease>(s, 0.0, 30.0); }},
      {"M04 flush at a random threshold", 'N', kNone, [](auto s) { return Make<Compacting>(s); }},
      {"M05 load with a 60 s period", 'N', kNone, [](auto s) { return Make<Season>(s); }},
      {"M06 upward level shifts", 'N', kNone, [](auto s) { return Make<Shifts>(s); }},
      {"M07 blocks of 256 to 2048 keys", 'N', kNone,
       [](auto s) {
         class Arena : public PerKey {
          public:
           explicit Arena(uint64_t seed) : PerKey(seed, 1, 2048, {}) {}
           double Level() override { return 256 * std::ceil(D(keys_) / 256); }
         };
         return Make<Arena>(s);
       }},
      {"M08 LRU of 600, heavy spikes", 'N', kNone,
       [](auto s) { return MakeBoundedCache(s, 600, {.spike = 40}); }},
      {"M09 released after 30 s, load", 'N', kNone,
       [](auto s) { return Make<Released>(s, 30.0, Noise{.load_sd = 15}); }},
      {"K01 1 in 20 fresh keys, jitter", 'L', kKey,
       [](auto s) { return Make<PerKey>(s, 1.0 / 20, kUnbounded, Noise{.jitter = 1}); }},
      {"K02 0.2 per call under 30 s release", 'L', kCall,
       [](auto s) { return Make<RandomRelease>(s, 0.2, 30.0); }},
      {"K03 LRU of 500 and 1 per 10 calls", 'L', kCall, [](auto s) { return Make<CacheAndLeak>(s); }},
      {"K04 3 per call, load sd 100", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 3.0, 1.0, Noise{.load_sd = 100}); }},
      {"K05 1 per 4 calls, season-like load", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 1.0, 0.25, Noise{.load_sd = 40, .load_seconds = 5}); }},
  };
}

std::vector<Archetype> NewArchetypes() {
  using enum Driver;
  return {
      {"Q01 cache of 4000, bytes in steps", 'N', kNone,
       [](auto s) { return Make<Append>(s, true, 4000, Noise{}); }},
      {"Q02 running maximum in flight", 'N', kNone, [](auto s) { return Make<RunningMaximum>(s); }},
      {"Q03 uniform key space of 3000", 'N', kNone,
       [](auto s) { return Make<KeySpace>(s, 3000, 0.0, Noise{}); }},
      {"Q04 two generations of 1000", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return n < 1000 ? D(n) : D(1000 + n % 1000); });
       }},
      {"Q05 one per batch with calls", 'N', kNone, [](auto s) { return Make<PerBatch>(s); }},
      {"Q06 1 per second, emptied hourly", 'N', kNone,
       [](auto s) { return Make<PerSecond>(s, 1.0, kNever, 3600.0); }},
      {"Q07 3 on 1 in 8 calls, load", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 3.0, 1.0 / 8, Noise{.load_sd = 15}); }},
      {"Q08 1 in 256 calls, quiet", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 1.0, 1.0 / 256, Noise{}); }},
      {"Q09 starts after 2000 calls", 'L', kCall,
       [](auto s) { return Make<OfCalls>(s, [](int64_t n) { return std::max(0.0, D(n - 2000)); }); }},
      {"Q10 append per key, bytes, noise", 'L', kKey,
       [](auto s) { return Make<Append>(s, true, kUnbounded, Noise{.load_sd = 256}); }},
  };
}

std::vector<Archetype> FadingArchetypes() {
  using enum Driver;
  return {
      {"V01 vocabulary of 500, 1 / k^2", 'N', kNone,
       [](auto s) { return Make<Vocabulary>(s, 500, false, 0.0); }},
      {"V02 vocabulary of 2000, 1 / k", 'N', kNone,
       [](auto s) { return Make<Vocabulary>(s, 2000, true, 0.0); }},
      {"V03 walk with the calls, to 2000", 'N', kNone, [](auto s) { return Make<CallWalk>(s, 2000.0); }},
      {"V04 1 in 20 calls, vocabulary 500", 'L', kCall,
       [](auto s) { return Make<Vocabulary>(s, 500, false, 0.05); }},
      {"V05 1 per 64 calls, after 200 keys", 'L', kCall,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return std::min(200.0, D(n)) + std::floor(D(n) / 64); });
       }},
      {"V06 100 at once in 1 of 2000 calls", 'L', kCall,
       [](auto s) { return Make<PerCall>(s, 100.0, 1.0 / 2000, Noise{}); }},
      {"V07 1 per 4, per 8 after 4000", 'L', kCall,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return std::floor(std::min(D(n), 4000.0) / 8 + D(n) / 8); });
       }},
      {"V08 lumps of 1 to 50 in 1 of 50 calls", 'L', kCall, [](auto s) { return Make<Lumps>(s); }},
      {"V09 vocabulary of 20000, 1 / k", 'H', kNone,
       [](auto s) { return Make<Vocabulary>(s, 20000, true, 0.0); }},
      {"V10 1 per 4 calls, cache of 2000", 'L', kCall,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return std::min(2000.0, D(n)) + std::floor(D(n) / 4); });
       }},
      {"V11 1 per repeated, 1 in 4 fresh", 'L', kCall,
       [](auto s) { return Make<OfSomeInputs>(s, 1.0, 0.25); }},
      {"V12 1 in 2 repeated, no fresh", 'L', kCall, [](auto s) { return Make<OfSomeInputs>(s, 0.5, 0.0); }},
      {"V13 fresh vocabulary of 500, 1 / k^2", 'N', kNone,
       [](auto s) { return Make<Vocabulary>(s, 500, false, 0.0, true); }},
  };
}

std::vector<Archetype> SparseArchetypes() {
  using enum Driver;
  return {
      {"W01 pool of 60, 1 per 100 calls", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return std::min(60.0, std::floor(D(n) / 100)); });
       }},
      {"W02 pool of 150, 1 per 100 calls", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return std::min(150.0, std::floor(D(n) / 100)); });
       }},
      {"W03 pool of 250, 1 in 100 calls", 'N', kNone,
       [](auto s) { return Make<SlowPool>(s, 1.0 / 100, 250, 1.0); }},
      {"W04 pool of 250, 1 in 150 calls", 'N', kNone,
       [](auto s) { return Make<SlowPool>(s, 1.0 / 150, 250, 1.0); }},
      {"W05 pool of 550, 1 in 60 calls", 'N', kNone,
       [](auto s) { return Make<SlowPool>(s, 1.0 / 60, 550, 1.0); }},
      {"W06 pool of 1000, 1 in 8 calls", 'N', kNone,
       [](auto s) { return Make<SlowPool>(s, 1.0 / 8, 1000, 1.0); }},
      {"W07 100 buffers of 64, 1 in 80 calls", 'H', kNone,
       [](auto s) { return Make<SlowPool>(s, 1.0 / 80, 100, 64.0); }},
      {"W08 1 in 100 calls", 'L', kCall, [](auto s) { return Make<PerCall>(s, 1.0, 1.0 / 100, Noise{}); }},
      {"W09 1 in 400 calls", 'L', kCall, [](auto s) { return Make<PerCall>(s, 1.0, 1.0 / 400, Noise{}); }},
      {"W10 1 in 30 fresh keys", 'L', kKey,
       [](auto s) { return Make<PerKey>(s, 1.0 / 30, kUnbounded, Noise{}); }},
  };
}

std::vector<Archetype> BoundedArchetypes() {
  using enum Driver;
  const Noise bytes{.resolution = 16};
  return {
      {"X01 300 tails of 50, bytes in steps", 'N', kNone,
       [=](auto s) { return Make<OfCalls>(s, [](int64_t n) { return Tails(n, 50); }, bytes); }},
      {"X02 LRU of 600 values, sizes drift", 'N', kNone,
       [=](auto s) { return Make<OfCalls>(s, DriftingSizes, bytes); }},
      {"X03 last 500, cut off in time", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return n < 500 ? D(n) : D(500 + (n - 500) % 348); });
       }},
      {"X04 10 blocks of 600, one in 300 calls", 'N', kNone,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) { return 600 * std::min(10.0, std::floor(D(n) / 300)); });
       }},
      {"X05 300 tails without end", 'L', kCall,
       [=](auto s) { return Make<OfCalls>(s, [](int64_t n) { return Tails(n, kUnbounded - 6); }, bytes); }},
      {"X06 1 per 12 calls under X03", 'L', kCall,
       [](auto s) {
         return Make<OfCalls>(s, [](int64_t n) {
           return std::floor(D(n) / 12) + (n < 500 ? D(n) : D(500 + (n - 500) % 348));
         });
       }},
      {"X07 blocks of 600, one in 300 calls", 'L', kCall,
       [](auto s) { return Make<OfCalls>(s, [](int64_t n) { return 600 * std::floor(D(n) / 300); }); }},
  };
}

}  // namespace

std::vector<Archetype> AllArchetypes() {
  std::vector<Archetype> all;
  for (auto list : {DesignArchetypes, HeldOutArchetypes, NewArchetypes, FadingArchetypes, SparseArchetypes,
                    BoundedArchetypes}) {
    for (Archetype& archetype : list()) all.push_back(std::move(archetype));
  }
  return all;
}

}  // namespace goleakstress::experiment
