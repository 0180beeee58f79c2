// The Go source of the target, as far as findings look at it.
#ifndef HARNESS_CAMPAIGN_GO_FILES_H_
#define HARNESS_CAMPAIGN_GO_FILES_H_

#include "harness/explain/owner.h"

namespace goleakstress::campaign {

// Reads files, and the Go files of directories in the order of their names, each once; no more than 4 MiB of
// a file and 16 MiB of a directory. Not thread-safe.
explain::ReadSource GoFiles();

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_GO_FILES_H_
