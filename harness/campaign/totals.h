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

// The sites that a total sums up.
std::vector<size_t> PartsOf(const SeriesTable& table, const explain::Site& total);

// Takes out the verdicts on totals (Site::total). One that leaks where no site of its kind does as clearly,
// nor, if it is memory, anything else, is that of one site: of things that must be given back the one that is
// most clearly seen to get them from the calls, of memory the one that gained most from `first` to `last`,
// levels. Of many that hold a little each it is nobody's. Returns which site stands for which total.
std::map<size_t, size_t> TakeTotals(const SeriesTable& table, const std::vector<double>& first,
                                    const std::vector<double>& last,
                                    std::vector<experiment::SiteVerdict>* verdicts);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_TOTALS_H_
