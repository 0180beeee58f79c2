#ifndef GOLEAKSTRESS_HARNESS_INPUT_FUZZ_CORPUS_H_
#define GOLEAKSTRESS_HARNESS_INPUT_FUZZ_CORPUS_H_

// The text format of Go's corpus files, version 1: a line "go test fuzz v1", then one Go conversion of a
// literal per argument, as Go's internal/fuzz writes and reads them (encoding.go, the same in Go 1.23
// to 1.27):
//
//   go test fuzz v1
//   string("a\x00b")
//   byte('\n')
//   float64(-Inf)
//   math.Float32frombits(0x7fc00001)
//
// Pure functions. Goldens in corpora/fuzz_v1 are made by Go itself.

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "harness/input/value.h"

namespace goleakstress::input {

// Byte for byte what Go writes, so that names made from contents agree.
std::string MarshalCorpusFile(const Input& input);
// One argument's line, without newline.
std::string MarshalValue(const Value& value);

// Accepts what Go accepts. A file above kMaxInputBytes * 5 is refused (a byte takes at most 4 characters).
absl::StatusOr<Input> UnmarshalCorpusFile(std::string_view file);
absl::StatusOr<Value> UnmarshalValue(std::string_view line);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_FUZZ_CORPUS_H_
