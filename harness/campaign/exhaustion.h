// Calls that fail because the process, or its user, has too many of a kind: inotify instances, descriptors.
//
// A target that swallows such an error stops growing there and looks bounded. What betrays it is that its
// calls fail from then on, each time, while it holds what it never gave back: what is held and what failed,
// counted together, goes on growing as if there were no limit.
#ifndef HARNESS_CAMPAIGN_EXHAUSTION_H_
#define HARNESS_CAMPAIGN_EXHAUSTION_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/campaign/series.h"
#include "harness/explain/site.h"

namespace goleakstress::campaign {

// The kind of the site that counts, beside a site of `kind`, both what is held and the calls that failed to
// create more. Empty: `kind` is no descriptor.
std::string TriesOf(std::string_view kind);

// Whether the site is such a sum; nobody holds that much.
bool CountsTries(const explain::Site& site);

// Whether the site says nothing of its own: calls that failed are judged with what is held, and that only
// where some did fail.
bool IsPartOfTries(const SeriesTable& table, size_t site);

// Makes a site that counts tries the site of what they would have created. False: it is another site.
bool TakeExhaustion(explain::Site* site);

// Whether the site counts tries that failed, but the function that makes them holds too few at the last
// snapshot to be the cause: somebody else on the machine is.
bool FailsForOthers(const SeriesTable& table, size_t site);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_EXHAUSTION_H_
