// What exploring fuzz entries keeps from run to run: one directory for each entry, in the kept work directory
// or else in the cache.
//
//   ENTRY-KEY/corpus/   the inputs that libFuzzer kept, named by their contents
//   ENTRY-KEY/seeds/    those the entry itself came with
//   ENTRY-KEY/leaks/    inputs that were shown to leak, as `replay` takes them
//   ENTRY-KEY/aside/    what a merge took out of corpus/ as it ends the target, or cannot be read
//   ENTRY-KEY/merge.journal   of a merge that has not come to its end
//
// KEY is made of the package's directory and the entry's name.
#ifndef HARNESS_CAMPAIGN_CORPORA_H_
#define HARNESS_CAMPAIGN_CORPORA_H_

#include <functional>
#include <string>
#include <vector>

#include "harness/build/discovery.h"
#include "harness/campaign/prepare.h"
#include "harness/options.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// The directory in which the corpora lie. Reads nothing.
std::string CorporaPlace(const Options& options, const Workplace& place);

// The directory of one entry's corpus. In the cache it is made and marked as used; empty: it cannot be had.
std::string MakeCorpusDir(const std::string& package_dir, const std::string& entry, const Workplace& place);

// `corpus` of a directory ENTRY-KEY: how many inputs, how large, how new. A directory that is not there holds
// none.
void CountCorpus(report::Corpus* corpus);

// The corpora below `corpora_place` that belong to one of the packages and to an entry that is wanted, by
// package and entry. Only reads.
std::vector<report::Corpus> FindCorpora(const std::string& corpora_place,
                                        const std::vector<build::Package>& packages,
                                        const std::function<bool(const std::string&)>& wanted);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_CORPORA_H_
