// What the runtime tells of the goroutines behind a growing site.
#ifndef HARNESS_CAMPAIGN_GOROUTINES_H_
#define HARNESS_CAMPAIGN_GOROUTINES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "collectors/pprof_profile.h"
#include "harness/explain/findings.h"
#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::campaign {

// Whether a site that is none of goroutines has a stack without a frame of the user: a goroutine that a
// package started for itself, or for the user's call, allocates or acquires.
bool IsForeign(const explain::Site& site, const explain::CodeMap& code);

// Whether a goroutine with this stack waits for the end of a group (sync.WaitGroup).
bool WaitsForGroup(const explain::Stack& stack);

// For each site of goroutines the wait reason and the creation chain of the youngest goroutine in `text` that
// belongs to it; for each foreign site its own creation chain, or that of the youngest goroutine that runs
// the same function; nothing for other sites. A goroutine that names the user goes before younger ones that
// do not: a library may start goroutines again by itself, from a timer that the moved clock fired. `text` is
// what runtime.Stack prints, possibly cut short.
std::vector<explain::GoroutineDetail> DescribeGoroutines(std::string_view text,
                                                         const std::vector<explain::GrowingSite>& sites,
                                                         const explain::CodeMap& code);

// Gives foreign sites the creation chain of the goroutine in `text` that keeps them, where that names the
// user: of two that run the same function the youngest may be the wrong one. `keepers`: ids by site, 0 for
// none.
void DescribeKeepers(std::string_view text, const std::vector<explain::GrowingSite>& sites,
                     const std::vector<uint64_t>& keepers, const explain::CodeMap& code,
                     std::vector<explain::GoroutineDetail>* details);

// How many goroutines of each site a goroutine leak profile lists.
std::vector<double> CountLeaked(const collectors::Profile& profile,
                                const std::vector<explain::GrowingSite>& sites, const explain::CodeMap& code);

// Whether every goroutine of `text` but our own waits for another one, and none for the kernel.
bool WaitForEachOther(std::string_view text, const explain::CodeMap& code);

// The goroutine of a call that hangs, and then those still there that it started, itself or through others.
// Where it waits for the network, a goroutine of the user's that keeps the other end from answering comes
// before all. Empty: not found.
struct HungGoroutines {
  std::vector<explain::Site> sites;
  std::vector<explain::GoroutineDetail> details;  // by site
};
HungGoroutines HungCall(std::string_view text, const explain::CodeMap& code);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_GOROUTINES_H_
