// Reduces what is kept of one fuzz entry to the inputs that add an edge, a bucket of its count, or a kind of
// leak.
#ifndef HARNESS_CAMPAIGN_MERGE_CORPUS_H_
#define HARNESS_CAMPAIGN_MERGE_CORPUS_H_

#include "harness/campaign/entry_run.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// Calls the entry with every input of job.corpus_dir, in the binary that shows what calls reach, then removes
// those that add nothing to smaller ones. An input that ends or hangs the target, in two processes, goes to
// aside/, and so does what is no input of the entry. Nothing is removed before all of them were called, and
// then one by one: killed at any time, no feature of the corpus is lost, and the next merge goes on by the
// journal. Inputs that come meanwhile stay. Sets `corpus` to what is there afterwards and how it came. Pre:
// the job's kind is ENTRY_FUZZ.
void MergeCorpus(const EntryJob& job, const ProgressSink& progress, report::Corpus* corpus);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_MERGE_CORPUS_H_
