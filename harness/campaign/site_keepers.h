// Which growing allocations keep which others alive, by a heap dump.
#ifndef HARNESS_CAMPAIGN_SITE_KEEPERS_H_
#define HARNESS_CAMPAIGN_SITE_KEEPERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "collectors/heap_dump/heap_summary.h"
#include "harness/explain/site.h"

namespace goleakstress::campaign {

// For each stack of the dump the growing site that it has most in common with, by index; GrowingSite::kNone:
// no site has anything.
std::vector<size_t> SitesOfStacks(const collectors::HeapSummary& heap,
                                  const std::vector<explain::GrowingSite>& sites);

// The first of the sites of the heap with the same stack, which SitesOfStacks names for all of them. Pre: `i`
// is one of those that have a stack.
size_t FirstOfStack(const std::vector<explain::GrowingSite>& sites, size_t i);

// Sets kept_by of sites of the heap. What does not grow and stands between two that do is passed over.
// `site_of`: SitesOfStacks of both. Pure.
void SetKeepers(const collectors::HeapSummary& heap, const std::vector<size_t>& site_of,
                std::vector<explain::GrowingSite>* sites);

// Sets held_by of the sites whose memory goroutines keep that are sites as well, by most of the bytes that
// were `gained` (GrowthByHolding) until `heap`. `site_of`: SitesOfStacks of `heap`. Pure.
void SetHolders(const std::vector<collectors::Holding>& gained, const collectors::HeapSummary& heap,
                const std::vector<size_t>& site_of, std::vector<explain::GrowingSite>* sites);

// For each site the id of the goroutine that keeps most of what it gained, where that runs the function in
// whose goroutine it was allocated; 0: there is none. Pure.
std::vector<uint64_t> KeepingGoroutines(const std::vector<collectors::Holding>& gained,
                                        const collectors::HeapSummary& heap,
                                        const std::vector<size_t>& site_of,
                                        const std::vector<explain::GrowingSite>& sites);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SITE_KEEPERS_H_
