#ifndef GOLEAKSTRESS_HARNESS_INPUT_GENERATOR_H_
#define GOLEAKSTRESS_HARNESS_INPUT_GENERATOR_H_

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "harness/input/dictionary.h"
#include "harness/input/input_source.h"
#include "harness/input/mutate.h"
#include "harness/input/new_keys.h"
#include "harness/input/random.h"

namespace goleakstress::input {

// Fresh inputs for the experiment, without feedback: it must know which inputs are new to the target, and
// that is all that counts here. Everything follows from the arguments of the constructor: the same arguments,
// the same inputs, anywhere.
class Generator final : public InputSource {
 public:
  // Seeds of other kinds than `kinds` are dropped. Without kinds every input is empty, and never new after
  // the first.
  Generator(Kinds kinds, const std::vector<Input>& seeds, Dictionary dictionary, uint64_t seed);

  // An input that was never given before and that is not in RepeatPool(). A mixture of seeds in which every
  // text got a unique token (keys of caches: most weight), of mutated seeds and earlier inputs, and of random
  // values. Where the domain is exhausted, as bool's is soon, inputs come again; `exhausted` says so from
  // then on.
  Input Next();
  bool exhausted() const { return exhausted_; }
  // How many different inputs were given, at most.
  size_t distinct() const { return given_.size(); }

  absl::StatusOr<std::vector<Input>> Take(size_t count) override;
  absl::Status Report(const std::vector<CallResult>&) override { return absl::OkStatus(); }

  // 4 to 16 inputs: the first 16 seeds, filled up to 4 with generated ones; fewer where the domain has fewer.
  std::vector<Input> RepeatPool() override { return repeated_; }

 private:
  Input Propose();
  const Input& AnyEarlier();
  void Remember(const Input& input);

  Kinds kinds_;
  Dictionary dictionary_;
  Random random_;
  NewKeys keys_;
  std::vector<Input> seeds_;
  std::vector<Input> repeated_;
  std::vector<Input> earlier_;          // a sample of what was given, to mutate further
  std::unordered_set<uint64_t> given_;  // hashes, so that a million inputs cost some 40 MB and no more
  bool exhausted_ = false;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_GENERATOR_H_
