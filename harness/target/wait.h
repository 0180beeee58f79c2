// Waiting for a descriptor with a deadline and a way out.
#pragma once

#include <atomic>
#include <chrono>

namespace goleakstress::target {

using Deadline = std::chrono::steady_clock::time_point;

// The moment `limit` from now; limits too long for the clock mean never.
Deadline After(std::chrono::nanoseconds limit);

enum class WaitResult { kReady, kTimedOut, kCancelled };

// Waits until poll reports any of `events` (or an error or end) for `fd`. The descriptor is looked at once
// even if the deadline is past. *cancel is looked at first, every 20 ms and after every signal; null: never
// cancelled. Thread-safe.
WaitResult WaitFor(int fd, short events, Deadline deadline, const std::atomic<bool>* cancel);

}  // namespace goleakstress::target
