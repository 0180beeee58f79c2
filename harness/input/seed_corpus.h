#ifndef GOLEAKSTRESS_HARNESS_INPUT_SEED_CORPUS_H_
#define GOLEAKSTRESS_HARNESS_INPUT_SEED_CORPUS_H_

// Seeds on disk: directories of `go test fuzz v1` files, one input per file, named by their contents as Go
// names them.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/input/value.h"

namespace goleakstress::input {

// Bounds of one reading: what lies beyond is left out and counted.
inline constexpr size_t kMaxSeedFiles = 10000;
inline constexpr size_t kMaxSeedBytes = size_t{64} << 20;

struct SeedCorpus {
  std::vector<Input> inputs;          // by directory, then by file name; no two equal
  std::vector<std::string> rejected;  // "FILE: why", at most 16
  size_t files = 0;                   // that were looked at, also those that gave an input seen before
  size_t left_out = 0;                // rejected, or beyond the bounds
};

// Where the seeds of a fuzz entry may lie, most trusted first: testdata/fuzz/NAME of the package, NAME below
// every directory of `corpora`, and fuzz/IMPORT PATH/NAME of the Go build cache. Directories need not exist;
// empty arguments are left out.
struct SeedPlaces {
  std::string package_directory;
  std::string import_path;
  std::string go_cache;  // what `go env GOCACHE` prints
  std::vector<std::string> corpora;
};
std::vector<std::string> SeedDirectories(const SeedPlaces& places, const std::string& entry);

// Reads every file directly in the directories whose arguments have the given kinds. A file without the line
// "go test fuzz v1" is taken as it is where the entry has one text argument, as other fuzzers' corpora are
// kept; README* and files that begin with a dot are passed over. Never fails: what cannot be read is counted.
SeedCorpus ReadSeeds(const std::vector<std::string>& directories, const Kinds& kinds);

// Writes DIRECTORY/HASH, HASH as Go names it: the first 16 hex digits of the SHA-256 of the contents. Returns
// the path. Writing the same input again changes nothing.
absl::StatusOr<std::string> WriteSeed(const std::string& directory, const Input& input);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_SEED_CORPUS_H_
