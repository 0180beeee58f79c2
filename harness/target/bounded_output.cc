#include "harness/target/bounded_output.h"

#include <fmt/format.h>

#include <algorithm>

namespace goleakstress::target {

void BoundedOutput::Append(std::string_view text) {
  const size_t to_head = std::min(text.size(), head_limit_ - head_.size());
  head_.append(text.substr(0, to_head));
  text.remove_prefix(to_head);
  beyond_head_ += text.size();
  if (text.size() > tail_limit_) text.remove_prefix(text.size() - tail_limit_);
  if (tail_.size() + text.size() > 2 * tail_limit_) tail_.erase(0, tail_.size() + text.size() - tail_limit_);
  tail_.append(text);
}

std::string_view BoundedOutput::Tail() const {
  std::string_view tail = tail_;
  if (tail.size() > tail_limit_) tail.remove_prefix(tail.size() - tail_limit_);
  return tail;
}

uint64_t BoundedOutput::dropped_bytes() const { return beyond_head_ - Tail().size(); }

std::string BoundedOutput::Text() const {
  if (dropped_bytes() == 0) return fmt::format("{}{}", head_, Tail());
  return fmt::format("{}\n[{} bytes left out]\n{}", head_, dropped_bytes(), Tail());
}

}  // namespace goleakstress::target
