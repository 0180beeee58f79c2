// Calls as text and as files: one `go test fuzz v1` text per call, one after another. A file of one call of a
// single entry is what `go test` reads from testdata/fuzz/FuzzXxx.
//
// Pure but for the files.
#ifndef HARNESS_CAMPAIGN_SPELLINGS_H_
#define HARNESS_CAMPAIGN_SPELLINGS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "harness/input/minimise.h"
#include "harness/input/new_keys.h"
#include "harness/input/random.h"
#include "harness/proto/agent.pb.h"

namespace goleakstress::campaign {

std::string SpellCalls(const input::Sequence& calls);

// Of a combined entry (agent.proto); empty for a single one.
using Members = google::protobuf::RepeatedPtrField<agent::Member>;
// Where the arguments that count in this call begin and end: those of the member that it is for, or all.
struct ArgumentRange {
  size_t begin, end;
  const agent::Member* member;  // null: all
};
ArgumentRange ArgumentsThatCount(const input::Input& input, const Members& members);
// NewKeys::PutInOne, in an argument that counts.
void PutNewKey(const Members& members, input::NewKeys* keys, input::Random* random, input::Input* input);
// The same for people. Of a combined entry the calls that are made in the end, one a line:
// FuzzClose([]byte("x")).
std::string ShowCalls(const input::Sequence& calls, const Members& members);
// InvalidArgument, with the reason, for what is no such text or more than 1,000 calls.
absl::StatusOr<input::Sequence> ReadCalls(std::string_view text);

// Writes DIRECTORY/HASH, named as Go names such files, and returns its path. The same calls go to the same
// file.
absl::StatusOr<std::string> SaveCalls(const std::string& directory, const input::Sequence& calls);

// The word as a POSIX shell takes it.
std::string ShellWord(const std::string& word);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_SPELLINGS_H_
