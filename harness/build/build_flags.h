// The flags of one go build command.
#ifndef HARNESS_BUILD_BUILD_FLAGS_H_
#define HARNESS_BUILD_BUILD_FLAGS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress::build {

// Splits GOFLAGS as go does: at white space, where a flag may be put in single or double quotes as a whole.
// InvalidArgument for a quote that is not closed.
absl::StatusOr<std::vector<std::string>> SplitGoFlags(std::string_view goflags);

// The value that the flag `name` has: in `flags`, or else in GOFLAGS; empty where it is in neither. The last
// one counts.
std::string FlagValue(const std::vector<std::string>& flags, std::string_view goflags, std::string_view name);

// The user's build flags, each "-name" or "-name=value", with what the harness needs on top: symbol tables
// stay in the binary (they name what keeps memory alive), file names stay whole, nothing asks git (which may
// write in the user's tree), `overlay` is used. InvalidArgument where GOFLAGS or the flags name an overlay of
// their own: go takes only one.
absl::StatusOr<std::vector<std::string>> HarnessFlags(const std::vector<std::string>& user_flags,
                                                      std::string_view goflags, const std::string& overlay);

// The user's build flags with those that make a binary tell which edges its calls reach (agent/coverage.go):
// the agent's build tag, and libFuzzer's counters in the packages of `pattern` ("example.com/m/..."). What
// the user asks of the compiler, for whichever packages, is asked for these as well: of several -gcflags that
// fit a package go takes the last only. Flags that these would hide in GOFLAGS are brought over.
std::vector<std::string> CoverageFlags(const std::vector<std::string>& user_flags, std::string_view goflags,
                                       std::string_view pattern);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_BUILD_FLAGS_H_
