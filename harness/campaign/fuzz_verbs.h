// `goleakstress fuzz`: what exploring keeps from run to run, listed and merged.
#ifndef HARNESS_CAMPAIGN_FUZZ_VERBS_H_
#define HARNESS_CAMPAIGN_FUZZ_VERBS_H_

#include <atomic>

#include "harness/campaign/campaign.h"
#include "harness/options.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// The corpora of the packages and entries that the options name. Builds and changes nothing, and does not
// mind a run that is using them. The report has `corpora` unless a notice says why not.
report::Report ListCorpora(const Options& options, const Observer& observer,
                           const std::atomic<bool>* interrupted);

// Merges them one after the other (merge_corpus.h). Exit code 3 where one could not be.
report::Report MergeCorpora(const Options& options, const Observer& observer,
                            const std::atomic<bool>* interrupted);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_FUZZ_VERBS_H_
