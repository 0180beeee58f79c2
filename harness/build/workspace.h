// Keeps go's hands off a workspace: in one, every go command (`go list` too) may write go.work.sum beside the
// user's go.work, whatever -mod says.
#ifndef HARNESS_BUILD_WORKSPACE_H_
#define HARNESS_BUILD_WORKSPACE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/build/cache.h"
#include "harness/build/command.h"
#include "harness/build/go_tool.h"

namespace goleakstress::build {

// `tool` as it is to be used from now on in `dir`: where a workspace is in force (tool.gowork) its go.work
// and go.work.sum are copied into the cache, and GOWORK names the copy. A vendored workspace is left as it
// is: there go writes nothing. `flags` are the user's build flags. Errors: go's own text for a go.work that
// it cannot read; what the file system says, with the path.
absl::StatusOr<GoTool> WithWorkspaceCopy(const Runner& run, const Cache& cache, const GoTool& tool,
                                         const std::string& dir, const std::vector<std::string>& flags);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_WORKSPACE_H_
