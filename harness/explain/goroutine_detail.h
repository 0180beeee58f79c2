#ifndef HARNESS_EXPLAIN_GOROUTINE_DETAIL_H_
#define HARNESS_EXPLAIN_GOROUTINE_DETAIL_H_

#include <cstddef>
#include <string>

#include "harness/explain/lock_taker.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

// What the text of the goroutines told of one goroutine site.
struct GoroutineDetail {
  // The `go` statement's frame first, then its callers, then the creators of their goroutines.
  Stack creators = {};
  size_t direct = 0;             // so many of them are frames of the goroutine that ran the `go` statement
  std::string wait_reason = {};  // "chan receive"; empty: unknown
  LockTaker lock = {};           // who took what it waits for; nothing known where that is no lock
  // The growing site, another one, of the goroutine that has to go on first: who took the lock, or one of
  // those that it started and waits for by a WaitGroup.
  size_t awaited_site = GrowingSite::kNone;
  std::string schedule = {};  // under which schedules it shows, where it does not show under all alike
};

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_GOROUTINE_DETAIL_H_
