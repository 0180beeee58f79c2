// Allocation stacks of heap dumps beside those of profiles, which show the same calls in different ways.
//
// Pure functions on values; thread-safe.
#ifndef HARNESS_CAMPAIGN_ALLOCATION_STACK_H_
#define HARNESS_CAMPAIGN_ALLOCATION_STACK_H_

#include <cstddef>
#include <span>

#include "collectors/heap_dump/heap_summary.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// Whether both are in the same line. Directories are named in different ways (the report shortens them), so
// two elements of the path have to do.
bool IsAt(const explain::Frame& frame, const collectors::AllocationFrame& dumped);

// How many frames show that `dumped` is the stack of the profile; 0: it is another one. The dump shows one
// frame for a function and all calls that were inlined into it: the function's name with the innermost line.
// The profile's stack has lost the runtime's frames at its leaf, and its root.
size_t FramesInCommon(const explain::Stack& stack, std::span<const collectors::AllocationFrame> dumped);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_ALLOCATION_STACK_H_
