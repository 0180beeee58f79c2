// Finds the go command that the user would run, and asks it what it is.
#ifndef HARNESS_BUILD_GO_TOOL_H_
#define HARNESS_BUILD_GO_TOOL_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/build/command.h"

namespace goleakstress::build {

// The oldest minor version of Go 1 that the harness supports.
inline constexpr int kOldestGoMinor = 23;

using Environment = std::vector<std::string>;  // each "NAME=value"

// The value of a variable; empty where it is not set. The last one of a name counts.
std::string_view Variable(const Environment& environment, std::string_view name);
void SetVariable(Environment& environment, std::string_view name, std::string_view value);

// The minor version in "go1.26.8", "go1.27rc1", "go1.26.8-X:name", "devel go1.28-0a1b2c Tue Nov 3": 26, 27,
// 26, 28. Nothing for anything else.
std::optional<int> GoMinor(std::string_view version);

// A go command and what `go env` says about it in one directory, where go.mod's toolchain line and
// GOTOOLCHAIN count.
struct GoTool {
  std::string program = {};  // the go command to run
  std::string goroot = {};   // of the toolchain that was chosen; `program` may belong to another
  std::string version = {};  // "go1.26.8"
  int minor = 0;             // 26
  std::string goos = {};
  std::string goarch = {};
  std::string goexperiment = {};
  std::string goflags = {};
  std::string gomodcache = {};
  std::string gowork = {};       // the go.work in force; empty or "off": none
  Environment environment = {};  // for the go command
  // Directories as they stand in go's messages, and the names that the user knows them by.
  std::vector<std::pair<std::string, std::string>> names = {};
};

// Looks for go in PATH, then in GOROOT/bin, of `environment`. Errors, each one clear line: NotFound where
// there is no go; FailedPrecondition where the version is too old or unknown, or with go's own text where `go
// env` fails.
absl::StatusOr<GoTool> FindGo(const Runner& run, const Environment& environment, const std::string& dir);

// The same toolchain, run from `mirror` (goroot_mirror.h): no other toolchain is chosen from there on.
// Go 1.26 gets the goroutine leak profile, which later versions have by themselves and earlier ones do not
// know.
GoTool FromMirror(const GoTool& tool, const std::string& mirror);

// Runs the go command in `dir` (spelled as PWD has it, so that go names files the way the user does).
absl::StatusOr<CommandResult> RunGo(const Runner& run, const GoTool& tool, const std::string& dir,
                                    std::vector<std::string> args);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_GO_TOOL_H_
