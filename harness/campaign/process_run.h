// A main that cannot be called twice in one process: every call is a process of its own, and what it leaves
// behind at its end is judged.
#ifndef HARNESS_CAMPAIGN_PROCESS_RUN_H_
#define HARNESS_CAMPAIGN_PROCESS_RUN_H_

#include "harness/campaign/entry_run.h"

namespace goleakstress::campaign {

// Runs the program a few times within the deadline. What every process leaves behind after its call, two
// minutes and an hour later on its clock, is a finding: `proven` where the runtime says that nothing can wake
// the goroutine, else `residue`, for a process that ends takes all with it. Fills the entry and the findings
// of `result`.
void RunProcessPerCall(const EntryJob& job, const ProgressSink& progress, Clock::time_point deadline,
                       EntryResult* result);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_PROCESS_RUN_H_
