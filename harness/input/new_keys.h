#ifndef GOLEAKSTRESS_HARNESS_INPUT_NEW_KEYS_H_
#define GOLEAKSTRESS_HARNESS_INPUT_NEW_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/input/random.h"
#include "harness/input/value.h"

namespace goleakstress::input {

// Makes of one input many that differ in what may be a key, as a cache that only grows needs to be seen
// growing. Never makes the same token twice. Not thread-safe.
class NewKeys {
 public:
  // Every text gets a token, so that whichever of them is a key is a new one; where no argument is text,
  // every number is made another.
  void PutEverywhere(Random* random, Input* input);
  // The same for one argument, so that conditions on the others still hold.
  void PutInOne(Random* random, Input* input);

 private:
  void PutInText(Random* random, std::string* text);
  void PutInNumber(Random* random, Value* value);
  std::string Token(Random* random);
  std::string DigitToken(Random* random, size_t at_least);

  uint64_t made_ = 0;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_NEW_KEYS_H_
