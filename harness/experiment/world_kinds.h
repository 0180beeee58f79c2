// The kinds of simulated sites, for archetypes.cc alone.
#ifndef HARNESS_EXPERIMENT_WORLD_KINDS_H_
#define HARNESS_EXPERIMENT_WORLD_KINDS_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

#include "harness/experiment/worlds.h"

namespace goleakstress::experiment {

inline constexpr double kNever = std::numeric_limits<double>::infinity();
inline constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();

inline double D(int64_t n) { return static_cast<double>(n); }

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

// The same, up to `capacity` times `units`.
class SlowPool : public PerCall {
 public:
  SlowPool(uint64_t seed, double probability, int64_t capacity, double units)
      : PerCall(seed, units, probability, {}), most_(units * D(capacity)) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    PerCall::OnCalls(n, fresh);
    x_ = std::min(x_, most_);
  }

 private:
  double most_;
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

// Keys by rank, 1 to `size`: the k-th comes in one of k (k + 1) calls, or, where `flat`, in proportion to 1 /
// k. And of every call `leak` units stay.
class Vocabulary : public World {
 public:
  Vocabulary(uint64_t seed, int64_t size, bool flat, double leak, bool fresh_only = false)
      : World(seed, {}),
        size_(size),
        flat_(flat),
        leak_(leak),
        fresh_only_(fresh_only),
        known_(static_cast<size_t>(size) + 1) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override {
    if (fresh_only_ && !fresh) return;
    for (int64_t i = 0; i < n; ++i) {
      const double unit = random_.Unit();
      const double rank = flat_ ? std::pow(D(size_), unit) : 1 / std::max(unit, 1 / D(size_));
      known_[static_cast<size_t>(rank)] = true;
    }
    x_ = D(std::count(known_.begin(), known_.end(), true));
    leaked_ += random_.Binomial(n, leak_);
  }
  double Level() override { return x_ + D(leaked_); }

 private:
  int64_t size_;
  bool flat_;
  double leak_;
  bool fresh_only_;
  int64_t leaked_ = 0;
  std::vector<bool> known_;
};

// One unit stays of so many repeated and so many fresh calls, as where some inputs leak and others do not.
class OfSomeInputs : public World {
 public:
  OfSomeInputs(uint64_t seed, double repeated, double fresh)
      : World(seed, {}), repeated_(repeated), fresh_(fresh) {}

 protected:
  void OnCalls(int64_t n, bool fresh) override { x_ += D(random_.Binomial(n, fresh ? fresh_ : repeated_)); }

 private:
  double repeated_, fresh_;
};

// A queue that wanders with the calls, between 0 and `size`: up to 15 tasks come or go in each.
class CallWalk : public World {
 public:
  CallWalk(uint64_t seed, double size) : World(seed, {}), size_(size) {}

 protected:
  void OnCalls(int64_t n, bool) override {
    for (int64_t i = 0; i < n; ++i) {
      const int64_t moves = static_cast<int64_t>(16 * random_.Unit());
      x_ += D(2 * random_.Binomial(moves, 0.5) - moves);
      x_ = std::clamp(x_, 0.0, size_);
    }
  }

 private:
  double size_;
};

// Lumps of 1 to 50 units, in one of 50 calls.
class Lumps : public World {
 public:
  explicit Lumps(uint64_t seed) : World(seed, {}) {}

 protected:
  void OnCalls(int64_t n, bool) override {
    for (int64_t lumps = random_.Binomial(n, 1.0 / 50); lumps > 0; --lumps)
      x_ += 1 + std::floor(50 * random_.Unit());
  }
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

}  // namespace goleakstress::experiment

#endif  // HARNESS_EXPERIMENT_WORLD_KINDS_H_
