// Starts one child process. The only file pair that touches Boost.Process.
#pragma once

#include <sys/types.h>

#include "absl/status/statusor.h"
#include "harness/target/process_spec.h"
#include "harness/target/scoped_fd.h"

namespace goleakstress::target {

struct Launched {
  pid_t pid = -1;
  ScopedFd pidfd;  // readable once the process has ended; still to be reaped by the caller
};

// Starts spec.program, which must be a path, as leader of its own process group. Of all our descriptors the
// child has exactly four: 0 is /dev/null, 1 is `out_fd`, 2 is `err_fd`, 3 is `channel_fd` (none if that is
// -1). Signal mask and dispositions are the default ones. The kernel kills the child when the *thread* that
// called Launch ends, so call it from one that outlives the child. The descriptors stay the caller's. Returns
// after the child has begun the new program; thread-safe.
absl::StatusOr<Launched> Launch(const Spec& spec, int out_fd, int err_fd, int channel_fd);

}  // namespace goleakstress::target
