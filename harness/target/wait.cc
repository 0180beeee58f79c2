#include "harness/target/wait.h"

#include <poll.h>

#include <algorithm>

namespace goleakstress::target {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kSlice(20);
constexpr milliseconds kLongest = std::chrono::hours(1);

}  // namespace

Deadline After(std::chrono::nanoseconds limit) {
  const Deadline now = steady_clock::now();
  return limit > Deadline::max() - now ? Deadline::max() : now + limit;
}

WaitResult WaitFor(int fd, short events, Deadline deadline, const std::atomic<bool>* cancel) {
  for (;;) {
    if (cancel != nullptr && *cancel) return WaitResult::kCancelled;
    const auto left = deadline - std::min(deadline, steady_clock::now());
    // Rounded up, or the last millisecond would be spent in a busy loop.
    const auto slice = std::min(std::chrono::ceil<milliseconds>(left), cancel == nullptr ? kLongest : kSlice);
    pollfd wait = {fd, events, 0};
    if (poll(&wait, 1, static_cast<int>(slice.count())) > 0) return WaitResult::kReady;
    if (left == left.zero()) return WaitResult::kTimedOut;
  }
}

}  // namespace goleakstress::target
