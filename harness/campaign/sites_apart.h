// Which growing containers have nothing to do with the goroutines and handles that leak beside them, by a
// heap dump.
#ifndef HARNESS_CAMPAIGN_SITES_APART_H_
#define HARNESS_CAMPAIGN_SITES_APART_H_

#include <cstddef>
#include <vector>

#include "collectors/heap_dump/heap_summary.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// Whether there is something to tell apart: a container of the user's code grows, and something else than
// memory, too.
bool MayBeApart(const std::vector<explain::GrowingSite>& sites, const explain::CodeMap& code);

// Sets `apart` of what a global variable keeps in a map or slice of the user's code, and of all growing
// allocations that it points to or that point to it, unless one of them is pointed to by goroutines or was
// made for a handle: a subscriber in a list, for which a goroutine waits, is one cause. After SetKeepers
// (site_keepers.h), with the same `site_of`. Pure.
void SetApart(const collectors::HeapSummary& heap, const std::vector<size_t>& site_of,
              const explain::CodeMap& code, std::vector<explain::GrowingSite>* sites);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SITES_APART_H_
