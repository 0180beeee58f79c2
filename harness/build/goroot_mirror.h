// A GOROOT of symbolic links. Go refuses to overlay files below its module cache, where the toolchains live
// that it has downloaded; run from a directory of links elsewhere, with GOROOT set to it, it does not know
// that it is there. Tested with Go 1.23.12, 1.25.14, 1.26.8 and 1.27.4: links to the entries of GOROOT are
// enough, the build cache is shared with the real GOROOT and between mirrors.
#ifndef HARNESS_BUILD_GOROOT_MIRROR_H_
#define HARNESS_BUILD_GOROOT_MIRROR_H_

#include <string>

#include "absl/status/statusor.h"
#include "harness/build/cache.h"

namespace goleakstress::build {

// The mirror of `goroot`, made if it is not there; the same directory for the same GOROOT, version and
// entries. Runs may do this at the same time. Errors: what the file system says, with the path.
absl::StatusOr<std::string> MirrorGoroot(const Cache& cache, const std::string& goroot,
                                         const std::string& version);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_GOROOT_MIRROR_H_
