#ifndef GOLEAKSTRESS_HARNESS_INPUT_MUTATE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_MUTATE_H_

// Small random changes of typed inputs. Text is changed as bytes, as numbers and words in text, and as nested
// brackets; numbers as numbers. Deterministic given the generator's state. Thread-safe on distinct objects.

#include <cstdint>
#include <string>
#include <vector>

#include "harness/input/dictionary.h"
#include "harness/input/random.h"
#include "harness/input/value.h"

namespace goleakstress::input {

// A comparison that the target made: with `want` in the place of `have` a branch may go the other way.
struct ComparedText {
  std::string have, want;
};
struct ComparedNumber {
  uint64_t have = 0, want = 0;
  int bytes = 8;  // 1, 2, 4 or 8
};

// What mutations may draw on. Everything may be empty; the pointers are not owned and may be null.
struct MutationSources {
  const Dictionary* dictionary = nullptr;
  const std::vector<Input>* others = nullptr;  // of the same kinds
  const std::vector<ComparedText>* texts = nullptr;
  const std::vector<ComparedNumber>* numbers = nullptr;
  size_t max_bytes = kMaxInputBytes;
};

// Changes 1 to 8 things, most often few, and caps the input. The result may by chance equal what came in.
void Mutate(const MutationSources& sources, Random* random, Input* input);
// The building blocks: exactly one change.
void MutateText(const MutationSources& sources, size_t field, Random* random, std::string* text);
void MutateNumber(const MutationSources& sources, Random* random, Value* value);  // pre: no text kind

// A random value of a kind: text of up to 64 bytes, printable more often than not; numbers small, special or
// any.
Value RandomValue(Kind kind, Random* random);
// Fields of one input, each taken from one of the two. Pre: the same kinds.
Input CrossOver(const Input& a, const Input& b, Random* random);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_MUTATE_H_
