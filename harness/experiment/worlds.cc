#include "harness/experiment/worlds.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace goleakstress::experiment {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();

double D(int64_t n) { return static_cast<double>(n); }

// `units` a call, with a probability.
class PerCall : public World {
 public:
  PerCall(uint64_t seed, double units, double probability, const Noise& noise)
      : World(seed, noise), units_(units), probability_(probability) {}

 protected:
  void OnCalls(int64_t n, bool) override {
    x_ += units_ * D(probability_ == 1 ? n : random_.Binomial(n, probability_));
  }

 private:
  double units_, probability_;
};

// `units` a fresh key, up to `capacity` keys; repeated calls bring four keys once.
class PerKey : public World {
 public:
  PerKey(uint64_t seed, double units, int64_t capacity, const Noise& noise)
      : World(seed, noise), units_(units), capacity_(capacity) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    if (fresh) {
      AddKeys(n);
    } else if (!std::exchange(repeat_seen_, true)) {
      keys_ += 4;
    }
    keys_ = std::min(keys_, capacity_);
  }
  virtual void AddKeys(int64_t n) { keys_ += n; }
  double Level() override { return units_ * D(keys_); }

  int64_t keys_ = 0;

 private:
  double units_;
  int64_t capacity_;
  bool repeat_seen_ = false;
};

// Draws from a finite key space: skewed, or uniform where skew is 0.
class KeySpace : public PerKey {
 public:
  KeySpace(uint64_t seed, int64_t space, double skew, const Noise& noise)
      : PerKey(seed, 1, space, noise), space_(D(space)), skew_(skew) {}

 protected:
  void AddKeys(int64_t n) override {
    for (int64_t i = 0; i < n; ++i) {
      const double known = D(keys_) * (1 - skew_ * D(keys_) / space_);
      if (random_.Unit() * space_ > known && D(keys_) < space_) ++keys_;
    }
  }

 private:
  double space_, skew_;
};

// A bounded cache, and one unit stays from every tenth call.
class CacheAndLeak : public PerKey {
 public:
  explicit CacheAndLeak(uint64_t seed) : PerKey(seed, 1, 500, {}) {}

 protected:
  double Level() override { return D(keys_ + calls_ / 10); }
};

// The backing array, in bytes, of a slice that gains an element a call (or a fresh call), up to `capacity`
// elements: Go's nextslicecap.
class Append : public World {
 public:
  Append(uint64_t seed, bool fresh_only, int64_t capacity, const Noise& noise)
      : World(seed, noise), fresh_only_(fresh_only), capacity_(capacity) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    if (fresh || !fresh_only_) length_ = std::min(capacity_, length_ + n);
    while (array_ < length_)
      array_ = array_ < 256 ? std::max<int64_t>(1, 2 * array_) : array_ + ((array_ + 768) >> 2);
  }
  double Level() override { return 16 * D(array_); }

 private:
  bool fresh_only_;
  int64_t capacity_, length_ = 0, array_ = 0;
};

// A map's bytes: tables of at most 1024 slots, full at 7/8, then split in two (Go 1.24 and later).
class SwissMap : public World {
 public:
  explicit SwissMap(uint64_t seed) : World(seed, {}), tables_{{0, 8, 1.0}} {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    for (int64_t i = 0; fresh && i < n; ++i) AddKey();
  }
  double Level() override {
    int64_t slots = 0;
    for (const Table& t : tables_) slots += t.slots;
    return 17 * D(slots);
  }

 private:
  struct Table {
    int64_t used, slots;
    double share;
  };
  void AddKey() {
    double r = random_.Unit();
    size_t i = 0;
    while (i + 1 < tables_.size() && r > tables_[i].share) r -= tables_[i++].share;
    Table& t = tables_[i];
    if (++t.used <= t.slots * 7 / 8) return;
    if (t.slots < 1024) {
      t.slots *= 2;
      return;
    }
    const int64_t half = t.used / 2, other = t.used - half;
    const double share = t.share / 2;
    t = {half, 1024, share};
    tables_.push_back({other, 1024, share});
  }
  std::vector<Table> tables_;
};

// Background growth, no call needed, up to a cap; or emptied every `period` seconds.
class PerSecond : public World {
 public:
  PerSecond(uint64_t seed, double rate, double cap, double period)
      : World(seed, {}), rate_(rate), cap_(cap), period_(period) {}

 protected:
  void OnTime(double seconds) override { x_ = std::min(cap_, x_ + rate_ * seconds); }
  double Level() override { return std::floor(period_ < kNever ? std::fmod(x_, rate_ * period_) : x_); }

 private:
  double rate_, cap_, period_;
};

// A level that is a function of the calls made so far.
class OfCalls : public World {
 public:
  OfCalls(uint64_t seed, std::function<double(int64_t)> level, const Noise& noise = {})
      : World(seed, noise), level_(std::move(level)) {}

 protected:
  double Level() override { return level_(calls_); }

 private:
  std::function<double(int64_t)> level_;
};

// Connections, up to a limit reached by concurrency.
class IdlePool : public World {
 public:
  explicit IdlePool(uint64_t seed) : World(seed, {.jitter = 0.5}) {}

 protected:
  void OnCalls(int64_t n, bool) override {
    x_ = std::min(100.0, x_ + D(random_.Binomial(std::min<int64_t>(n, 400), 0.1)));
  }
};

// What two collections leave of a pool: what was in flight.
class SyncPool : public World {
 public:
  explicit SyncPool(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnCalls(int64_t n, bool) override { x_ = D(random_.Poisson(std::min(4.0, 0.05 * D(n)))); }
  void OnTime(double seconds) override { x_ *= seconds > 0.5 ? 0.5 : 1; }
  double Level() override { return std::floor(x_); }
};

// Each call's unit goes away so many seconds later.
class Released : public World {
 public:
  Released(uint64_t seed, double after, const Noise& noise) : World(seed, noise), after_(after) {}

 protected:
  void OnCalls(int64_t n, bool) override { pending_.emplace_back(now_ + after_, n); }
  void OnTime(double) override {
    std::erase_if(pending_, [&](const auto& p) { return p.first <= now_; });
  }
  double Level() override {
    double sum = 0;
    for (const auto& p : pending_) sum += D(p.second);
    return sum;
  }

 private:
  double after_;
  std::vector<std::pair<double, int64_t>> pending_;
};

// Each unit goes away after an exponential time; `leak` units a call stay.
class RandomRelease : public World {
 public:
  RandomRelease(uint64_t seed, double leak, double mean) : World(seed, {}), leak_(leak), mean_(mean) {}

 protected:
  void OnCalls(int64_t n, bool) override {
    x_ += D(n);
    stays_ += leak_ * D(n);
  }
  void OnTime(double seconds) override {
    x_ -= D(random_.Binomial(static_cast<int64_t>(x_), 1 - std::exp(-seconds / mean_)));
  }
  double Level() override { return x_ + std::floor(stays_); }

 private:
  double leak_, mean_, stays_ = 0;
};

// Wanders for reasons of its own.
class RandomWalk : public World {
 public:
  explicit RandomWalk(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnTime(double seconds) override { x_ += 6 * std::sqrt(seconds) * random_.Gauss(); }
};

// An old backlog drains away meanwhile.
class Draining : public PerCall {
 public:
  Draining(uint64_t seed, double units) : PerCall(seed, units, 1, {}) {}

 protected:
  double Level() override { return x_ + 3000 * std::exp(-now_ / 40); }
};

// An adversary: shows the dose of the batch before this one.
class Echo : public World {
 public:
  explicit Echo(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnCalls(int64_t n, bool) override { current_ += n; }
  double Level() override {
    const int64_t shown = before_;
    before_ = std::exchange(current_, 0);
    return D(shown);
  }

 private:
  int64_t before_ = 0, current_ = 0;
};

// A queue's backing array: as large as the largest burst so far.
class HighWater : public World {
 public:
  explicit HighWater(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnBurst(int64_t n) override { x_ = std::max(x_, D(n)); }
};

// Evicts a random entry with probability size / soft cap.
class RandomEviction : public World {
 public:
  explicit RandomEviction(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    for (int64_t i = 0; fresh && i < n; ++i) x_ += random_.Unit() * 1500 > x_ ? 1 : 0;
  }
};

// Flushes when it exceeds a threshold drawn anew each time.
class Compacting : public World {
 public:
  explicit Compacting(uint64_t seed) : World(seed, {}) { limit_ = Threshold(); }

 protected:
  void OnCalls(int64_t n, bool) override {
    x_ += D(n);
    while (x_ > limit_) {
      x_ -= limit_;
      limit_ = Threshold();
    }
  }

 private:
  double Threshold() { return 200 + 2800 * random_.Unit(); }
  double limit_;
};

// Load that comes and goes.
class Season : public World {
 public:
  explicit Season(uint64_t seed) : World(seed, {}) {}

 protected:
  double Level() override { return 50 + 40 * std::sin(2 * std::numbers::pi * now_ / 60); }
};

// The level jumps now and then for reasons of its own, more often up than down.
class Shifts : public World {
 public:
  explicit Shifts(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnTime(double seconds) override {
    if (random_.Unit() < 1 - std::exp(-seconds / 25)) x_ += random_.Unit() * 3 < 1 ? -60 : 60;
  }
};

// The largest number ever seen in flight.
class RunningMaximum : public World {
 public:
  explicit RunningMaximum(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnCalls(int64_t n, bool) override {
    for (int64_t i = 0; i < n; i += 8) x_ = std::max(x_, D(random_.Poisson(5)));
  }
};

// One unit per batch that has calls, however many.
class PerBatch : public World {
 public:
  explicit PerBatch(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnCalls(int64_t, bool) override { called_ = true; }
  double Level() override { return x_ += std::exchange(called_, false) ? 1 : 0; }

 private:
  bool called_ = false;
};

template <typename T, typename... Args>
std::unique_ptr<World> Make(uint64_t seed, Args&&... args) {
  return std::make_unique<T>(seed, std::forward<Args>(args)...);
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

}  // namespace goleakstress::experiment
