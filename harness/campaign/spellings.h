// Calls as text and as files: one `go test fuzz v1` text per call, one after another. A file of one call is
// what `go test` reads from testdata/fuzz/FuzzXxx.
//
// Pure but for the files.
#ifndef HARNESS_CAMPAIGN_SPELLINGS_H_
#define HARNESS_CAMPAIGN_SPELLINGS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "harness/input/minimise.h"

namespace goleakstress::campaign {

std::string SpellCalls(const input::Sequence& calls);
// InvalidArgument, with the reason, for what is no such text or more than 1,000 calls.
absl::StatusOr<input::Sequence> ReadCalls(std::string_view text);

// Writes DIRECTORY/HASH, named as Go names such files, and returns its path. The same calls go to the same
// file.
absl::StatusOr<std::string> SaveCalls(const std::string& directory, const input::Sequence& calls);

// The word as a POSIX shell takes it.
std::string ShellWord(const std::string& word);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SPELLINGS_H_
