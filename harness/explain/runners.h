// The user's own functions that start goroutines for others: `func Go(f func()) { go f() }`.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_RUNNERS_H_
#define HARNESS_EXPLAIN_RUNNERS_H_

#include <set>
#include <span>
#include <string>

#include "harness/explain/owner.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

// The declared functions between the `go` statement and whoever wrote what the goroutine runs: as with
// errgroup's Go, a goroutine that never ends is the fault of the latter. `stack` is the goroutine's,
// `creators` those of the goroutine that ran the `go` statement, its own frame first. The writer is the
// nearest of the creators which the outermost function on the goroutine's stack that the runner did not
// declare is a closure of, or which names that function where the runner, at the line that calls it, does
// not. What a test hands over is its fault only where it waits in the test itself: else it drives the code
// that waits. Empty where the function with the `go` statement runs its own code, or nobody is seen to have
// handed it any.
std::set<std::string, std::less<>> RunnersOf(const Stack& stack, std::span<const Frame> creators,
                                             const CodeMap& code, const ReadSource& read);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_RUNNERS_H_
