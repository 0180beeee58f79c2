// Whose turn it is to be explored, where some entries still show something new and others do not.
#ifndef HARNESS_CAMPAIGN_ROTATION_H_
#define HARNESS_CAMPAIGN_ROTATION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace goleakstress::campaign {

// Every other turn goes to the entry that gained most of late, the others to whoever has waited longest:
// among n entries none waits for more than 2n turns. Not thread-safe.
class Rotation {
 public:
  explicit Rotation(size_t entries) : entries_(entries) {}

  // Nothing where all have left.
  std::optional<size_t> Next() const;
  // It had a turn. `gain`: what it found that was new, per second.
  void Had(size_t entry, double gain);
  // It gets no more turns.
  void Leave(size_t entry) { entries_[entry].left = true; }

 private:
  struct One {
    uint64_t last = 0;  // turn
    double gain = 0;    // of its turns, each worth half of the one after it
    bool left = false;
  };
  std::vector<One> entries_;
  uint64_t turns_ = 0;
};

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_ROTATION_H_
