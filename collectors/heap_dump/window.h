// A stretch of a source held in memory, which moves along with who reads.
#ifndef COLLECTORS_HEAP_DUMP_WINDOW_H_
#define COLLECTORS_HEAP_DUMP_WINDOW_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "collectors/heap_dump/byte_source.h"

namespace goleakstress::collectors {

// Not thread-safe. After an error nothing more is read and status() says why.
class Window {
 public:
  Window(ByteSource& source, size_t size) : source_(source), buffer_(size) {}

  const absl::Status& status() const { return status_; }
  bool Holds(uint64_t offset, size_t count) const {
    return offset >= begin_ && count <= held_ && offset - begin_ <= held_ - count;
  }
  // Up to `count` bytes from `offset` on, fewer only at the end of the source or after an error. Valid until
  // the next call.
  std::string_view At(uint64_t offset, size_t count) {
    if (!Holds(offset, count)) Move(offset, count);
    if (offset < begin_ || offset - begin_ >= held_) return {};
    const auto from = static_cast<size_t>(offset - begin_);
    return {buffer_.data() + from, std::min(count, held_ - from)};
  }

 private:
  void Move(uint64_t offset, size_t count) {
    if (!status_.ok() || offset >= source_.size()) return;
    buffer_.resize(std::max(buffer_.size(), count));
    begin_ = offset;
    held_ = static_cast<size_t>(std::min<uint64_t>(buffer_.size(), source_.size() - offset));
    status_ = source_.ReadAt(offset, buffer_.data(), held_);
    if (!status_.ok()) held_ = 0;
  }

  ByteSource& source_;
  std::vector<char> buffer_;
  uint64_t begin_ = 0;
  size_t held_ = 0;
  absl::Status status_;
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_WINDOW_H_
