#ifndef GOLEAKSTRESS_HARNESS_INPUT_FUZZ_ENGINE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_FUZZ_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/input/value.h"

namespace goleakstress::input {

// The word on our own command line that makes a process the engine: `goleakstress fuzz-engine ...`.
inline constexpr char kFuzzEngineVerb[] = "fuzz-engine";
// The engine's end of the socket: what TargetProcess hands a child.
inline constexpr int kFuzzEngineSocket = 3;

// What leads the search. Both, but for comparisons of the two. Whatever leads it, what leaves something
// behind is noticed in the same ways; without either, mutants are made of the seeds alone, and not of what
// calls compare.
struct FuzzGuidance {
  bool coverage = true;
  bool leaks = true;
};

// What the engine is told. Everything travels on its command line.
struct FuzzEngineOptions {
  std::string arena;         // FuzzArena::path
  std::string corpus;        // directory of the kept inputs, read at start and written to; exists
  bool shared = false;       // other engines write to it as well: what they add is read every second
  std::string seeds;         // directory of more inputs to start from; exists, may be empty
  std::string package;       // directory of the target's source, for its dictionary; may be empty
  Kinds kinds;               // at least one
  uint32_t seed = 1;         // not 0
  size_t max_bytes = 65536;  // no input proposed is larger
  FuzzGuidance guidance;
};

std::vector<std::string> ToArguments(const FuzzEngineOptions& options);  // without verb
absl::StatusOr<FuzzEngineOptions> FromArguments(const std::vector<std::string>& arguments);

// Files of `corpus` and `seeds` hold one agent.Input each, serialised.
std::string EncodeUnit(const Input& input);
absl::StatusOr<Input> DecodeUnit(const uint8_t* data, size_t size, const Kinds& kinds);

// The engine's main, for arguments behind the verb. Ends the process when the socket closes, with exit code
// 0; returns only where it cannot start, having said why on standard error. Progress goes to standard error
// in libFuzzer's own words.
int FuzzEngineMain(const std::vector<std::string>& arguments);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_FUZZ_ENGINE_H_
