// After the experiment: the smallest input that shows a leak which a fuzz entry has.
#ifndef HARNESS_CAMPAIGN_SMALLEST_INPUT_H_
#define HARNESS_CAMPAIGN_SMALLEST_INPUT_H_

#include <vector>

#include "harness/campaign/entry_run.h"
#include "harness/campaign/spellings.h"
#include "harness/explain/site.h"
#include "harness/input/minimise.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// For every finding that is a leak: calls the entry with the inputs of `pool`, which the experiment repeated,
// looks which of them make the finding's site grow fastest, and makes that one small as long as it grows as
// fast; a leak that takes several of them in a row gets the shortest row. `members`: of a combined entry.
// Sets the findings' `input` or `any_input`, writes the inputs into job.corpus_dir (and job.save_dir, if it
// is set) and has `reproduce` replay them. `growing`: what the findings were made of. Runs the plain target
// in processes of its own until the deadline; what is not found by then stays unset.
void FindSmallestInputs(const EntryJob& job, const input::Sequence& pool, const Members& members,
                        const std::vector<explain::GrowingSite>& growing, Clock::time_point deadline,
                        std::vector<report::Finding>* findings);

// The same for a replay: the input is the one that was given.
void NameReplayed(const EntryJob& job, const Members& members, std::vector<report::Finding>* findings);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SMALLEST_INPUT_H_
