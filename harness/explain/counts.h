// How much a finding says that leaks.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_COUNTS_H_
#define HARNESS_EXPLAIN_COUNTS_H_

#include <cstddef>
#include <vector>

#include "harness/explain/site.h"

namespace goleakstress::explain {

struct Counted {
  const GrowingSite* rate;  // whose rate is told; points into `sites` or is `head`
  double bytes;             // per unit of the head's driver: of the heap, and the least that a stack takes
};

// What the `members` among `sites` leak, of which `head` proves most. A cluster of allocations is counted by
// its objects where they show: bytes of maps and slices grow in steps. Of objects those count that the head's
// line makes, or a call from there, in half of all calls at least; else those that are kept most often, or as
// good as: the others are kept now and then. Arrays that grow in steps too coarse for a pace of their own
// gained so much while the head gained what it did.
Counted CountCluster(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members,
                     const GrowingSite& head, const CodeMap& code);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_COUNTS_H_
