// From the patterns on the command line to the packages that they name.
#ifndef HARNESS_BUILD_DISCOVERY_H_
#define HARNESS_BUILD_DISCOVERY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/build/command.h"
#include "harness/build/go_tool.h"

namespace goleakstress::build {

// Patterns that one run of go can resolve: they lie in one module or workspace.
struct PatternGroup {
  std::string dir = {};                    // absolute; where go is to be run
  std::vector<std::string> patterns = {};  // as go takes them there
};

// A Go package, as `go list` tells it.
struct Package {
  std::string import_path = {};
  std::string dir = {};          // absolute
  std::string name = {};         // of the package clause
  std::string module_path = {};  // this and the next two are empty outside any module
  std::string module_dir = {};
  std::string module_go_version = {};  // the go line of go.mod: "1.24"
  bool has_tests = false;              // it has _test.go files, its own or an external package's
  bool is_main = false;
  bool uses_cgo = false;
  std::string error = {};  // why go cannot load it, in go's words; empty where it can
};

// Sorts patterns into groups by module, in the order of their first pattern. A pattern that is a path ("./a",
// "../b/...", "/c",
// ".") belongs to the module or workspace whose go.mod or go.work is nearest above it, or else to its own
// directory; any other pattern is an import path and is resolved in that of `cwd` (absolute). No pattern
// means ".". Reads the file system only. Errors: NotFound for a directory that does not exist,
// InvalidArgument for a file; both name the pattern.
absl::StatusOr<std::vector<PatternGroup>> GroupPatterns(const std::string& cwd,
                                                        const std::vector<std::string>& patterns);

// Asks go for the packages of a group. `flags` are build flags ("-tags=a,b"). A package that cannot be loaded
// is in the list, with its error. Errors: NotFound if the patterns match nothing, FailedPrecondition with
// go's own text if go fails. `cwd` is the user's directory, for paths in messages.
absl::StatusOr<std::vector<Package>> ListPackages(const Runner& run, const GoTool& tool,
                                                  const PatternGroup& group,
                                                  const std::vector<std::string>& flags,
                                                  const std::string& cwd);

// Parses what `go list -json` prints: JSON objects one after another.
absl::StatusOr<std::vector<Package>> ParseGoList(std::string_view json);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_DISCOVERY_H_
