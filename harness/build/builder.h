// Builds the binaries that are put under test.
#ifndef HARNESS_BUILD_BUILDER_H_
#define HARNESS_BUILD_BUILDER_H_

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/build/cache.h"
#include "harness/build/command.h"
#include "harness/build/discovery.h"
#include "harness/build/go_tool.h"
#include "harness/build/overlay.h"

namespace goleakstress::build {

enum class BinaryKind {
  kTest,  // the package's test binary: its fuzz targets, tests, examples and benchmarks
  kMain,  // a package main
};

struct BuildRequest {
  Package package = {};
  BinaryKind kind = BinaryKind::kTest;
  std::string go_dir = {};              // PatternGroup::dir
  std::vector<std::string> flags = {};  // the user's build flags: "-tags=a,b", "-race", "-ldflags=-X a.b=c"
  std::string work_dir = {};            // of this run; the binary is put there and belongs to the run
  std::string user_dir = {};            // the user's directory, for paths in messages
  bool coverage = false;                // a test binary whose calls can be watched (agent/coverage.go)
};

struct Binary {
  std::string path = {};
  std::chrono::nanoseconds took{0};
  bool cached = false;  // it was there, up to date, and go compiled and linked nothing
};

// Builds with go from a mirror of GOROOT (go_tool.h, FromMirror). Nothing in the user's tree, GOROOT or the
// module cache is changed (go may add to the module cache what go.mod asks for, as ever). Whether something
// is to be done go decides: a build of an unchanged target takes it 0.1 s. Errors: FailedPrecondition with
// go's own text, with the user's paths, where the package does not build; InvalidArgument for flags that
// cannot be used.
absl::StatusOr<Binary> Build(const Runner& run, const Cache& cache, const GoTool& tool,
                             const Overlay& overlay, const BuildRequest& request);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_BUILDER_H_
