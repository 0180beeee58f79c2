// The output of a process, however much it writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace goleakstress::target {

// Keeps the first and the last bytes of a stream and counts those between. Holds at most head + 2 * tail
// bytes. Thread-compatible.
class BoundedOutput {
 public:
  BoundedOutput(size_t head_bytes, size_t tail_bytes) : head_limit_(head_bytes), tail_limit_(tail_bytes) {}

  void Append(std::string_view text);

  uint64_t dropped_bytes() const;

  // What was kept, with a line in the place of what was dropped.
  std::string Text() const;

 private:
  std::string_view Tail() const;

  size_t head_limit_;
  size_t tail_limit_;
  std::string head_;
  std::string tail_;          // cut back to its last tail_limit_ bytes when it is twice as long
  uint64_t beyond_head_ = 0;  // bytes that came after the head was full
};

}  // namespace goleakstress::target
