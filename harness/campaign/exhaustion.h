// Calls that fail because the process, or its user, has too many of a kind: inotify instances, descriptors.
//
// A target that swallows such an error stops growing there and looks bounded. What betrays it is that its
// calls fail from then on, each time, while it holds what it never gave back.
#ifndef HARNESS_CAMPAIGN_EXHAUSTION_H_
#define HARNESS_CAMPAIGN_EXHAUSTION_H_

#include <cstddef>

#include "harness/campaign/series.h"
#include "harness/explain/site.h"

namespace goleakstress::campaign {

// Makes a site that counts failed calls the site of what they would have created. False: it is another site.
bool TakeExhaustion(explain::Site* site);

// Whether the site counts failed calls, but the function that makes them holds too few at the last snapshot
// to be the cause: somebody else on the machine is.
bool FailsForOthers(const SeriesTable& table, size_t site);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_EXHAUSTION_H_
