// The user's own functions that act for their callers: they start goroutines for them, `func Go(f func()) {
// go f() }`, or open things for them. What two callers leak through one is two leaks.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_HELPERS_H_
#define HARNESS_EXPLAIN_HELPERS_H_

#include <span>

#include "harness/explain/owner.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

// The declared functions between the `go` statement and whoever wrote what the goroutine runs: as with
// errgroup's Go, a goroutine that never ends is the fault of the latter. `stack` is the goroutine's,
// `creators` those of the goroutine that ran the `go` statement, its own frame first. The writer is the
// nearest of the creators which the outermost function on the goroutine's stack that the runner did not
// declare is a closure of, or which names that function where the runner, at the line that calls it, does
// not; what the runner hands a function of its own parameters to, to catch its panics, counts as a part of
// it. What a test hands over is its fault only where it waits in the test itself: else it drives the code
// that waits. Empty where the function with the `go` statement runs its own code, or nobody is seen to have
// handed it any.
Functions RunnersOf(const Stack& stack, std::span<const Frame> creators, const CodeMap& code,
                    const ReadSource& read);

// The declared functions that hand on to `owner`, a frame of `stack` (OwnerOf, owner.h), what was acquired at
// the leaf; none where it is null.
Functions HandersOn(const Stack& stack, const Frame* owner, const CodeMap& code);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_HELPERS_H_
