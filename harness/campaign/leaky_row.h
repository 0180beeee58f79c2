// Calls that leave something behind only in a certain order.
#ifndef HARNESS_CAMPAIGN_LEAKY_ROW_H_
#define HARNESS_CAMPAIGN_LEAKY_ROW_H_

#include "harness/campaign/entry_run.h"
#include "harness/input/minimise.h"

namespace goleakstress::campaign {

// The shortest row of calls within `calls` that leaves goroutines or descriptors behind each time it is made,
// again and again in one process of the plain target; empty where all of them together do not, or the
// deadline comes first.
input::Sequence FindLeakyRow(const EntryJob& job, const input::Sequence& calls, Clock::time_point deadline);

// The first of the inputs that does so by itself, called again and again; as many as there are: none does. A
// goroutine that is only about to end is not taken for one that stays.
size_t FirstThatLeaks(const EntryJob& job, const input::Sequence& inputs, Clock::time_point deadline);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_LEAKY_ROW_H_
