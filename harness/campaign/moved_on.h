// Memory that passes from one site to another while no calls are made: a job packs what is recent into an
// archive. The first site is seen to release it, the second to gain it without any call, and neither looks
// like a leak.
//
// Pure functions on values; thread-safe.
#ifndef HARNESS_CAMPAIGN_MOVED_ON_H_
#define HARNESS_CAMPAIGN_MOVED_ON_H_

#include <cstddef>
#include <vector>

#include "harness/explain/site.h"

namespace goleakstress::campaign {

struct MovedOn {
  size_t from = 0, to = 0;     // sites
  double fell = 0, share = 0;  // of `from`; what all came to in `to`, of what fell in all that moved there
};

// What moved within one kind of memory between two readings without calls. `first`: the levels before all
// calls; `things`: experiment::SiteTraits'. What loses at least half of what came there has moved where the
// one that gained most of the kind gained most of all that, or else each to one that gained about as much.
std::vector<MovedOn> WhatMovedOn(const std::vector<explain::Site>& sites, const std::vector<double>& first,
                                 const std::vector<double>& before, const std::vector<double>& now,
                                 const std::vector<double>& things);

// Those that moved again in the same proportion after other numbers of calls, from `before` to `now`: what
// only time adds, or what is full, does not.
std::vector<MovedOn> MovedAgain(const std::vector<MovedOn>& moved, const std::vector<double>& before,
                                const std::vector<double>& now, const std::vector<double>& things);

// What stays of a sum of such sites in a hold: what each had before, as far as it has that still, and what
// moved on there. What came without a call else is none of the calls'.
double SumThatStays(const std::vector<size_t>& parts, const std::vector<double>& before,
                    const std::vector<double>& now, const std::vector<MovedOn>& moved);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_MOVED_ON_H_
