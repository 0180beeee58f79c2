// Which growing allocations keep which others alive, by a heap dump.
#ifndef HARNESS_CAMPAIGN_SITE_KEEPERS_H_
#define HARNESS_CAMPAIGN_SITE_KEEPERS_H_

#include <vector>

#include "collectors/heap_dump/heap_summary.h"
#include "harness/explain/site.h"

namespace goleakstress::campaign {

// Sets kept_by of sites of the heap. What does not grow and stands between two that do is passed over. Pure.
void SetKeepers(const collectors::HeapSummary& heap, std::vector<explain::GrowingSite>* sites);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SITE_KEEPERS_H_
