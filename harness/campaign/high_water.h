// Maps whose memory stays though their entries went.
//
// A Go map gives nothing back when entries are deleted: its arrays are as large as it once had to be. Where
// batches get larger they grow with the calls and survive every hold, though nothing is kept.
#ifndef HARNESS_CAMPAIGN_HIGH_WATER_H_
#define HARNESS_CAMPAIGN_HIGH_WATER_H_

#include <vector>

#include "harness/campaign/series.h"
#include "harness/experiment/verdict.h"

namespace goleakstress::campaign {

// Takes out the verdicts that the arrays of maps grow, where the entries of the maps that grew at the same
// stack are counted and were decided not to. Pure.
void DropHighWaterMarks(const SeriesTable& table, std::vector<experiment::SiteVerdict>* verdicts);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_HIGH_WATER_H_
