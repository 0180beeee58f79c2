// Things that are handed on from site to site: a timer that its own callback arms anew, a file that is opened
// again by another function, records that a job packs into an archive. Each site is seen to give back what it
// got, or to get it in batches with few calls; all of them together are not.
//
// Pure; thread-safe.
#ifndef HARNESS_CAMPAIGN_TOTALS_H_
#define HARNESS_CAMPAIGN_TOTALS_H_

#include <map>
#include <vector>

#include "harness/campaign/series.h"
#include "harness/experiment/verdict.h"

namespace goleakstress::campaign {

// How much of a sum of memory came in a hold at sites of it, after `before`: what time adds may stand in for
// what the calls left and is gone. 0 for other sites.
double CameWithoutCalls(const SeriesTable& table, size_t site, const std::vector<double>& before,
                        const std::vector<double>& held);

// Takes out the verdicts on totals (Site::total). One that leaks where no site of its kind does as clearly,
// nor, if it is memory, anything else, is that of one site: of things that must be given back the one that is
// most clearly seen to get them from the calls, of memory the one that gained most from `first` to `last`,
// levels, and nobody's where many have a little each. Returns which site stands for which total.
std::map<size_t, size_t> TakeTotals(const SeriesTable& table, const std::vector<double>& first,
                                    const std::vector<double>& last,
                                    std::vector<experiment::SiteVerdict>* verdicts);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_TOTALS_H_
