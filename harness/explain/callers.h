// Who put into a map what stays there.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_CALLERS_H_
#define HARNESS_EXPLAIN_CALLERS_H_

#include <cstddef>
#include <vector>

#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

// The stack of the head of a cluster. A map grows with whichever entry is the first too many, maybe one that
// is taken out again: where none of the objects that stay and were allocated in the function that puts
// entries in has the callers of that moment, those of most of them stand in their place.
Stack StackOfWhatStays(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members, size_t head,
                       const CodeMap& code);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_CALLERS_H_
