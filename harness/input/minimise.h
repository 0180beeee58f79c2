#ifndef GOLEAKSTRESS_HARNESS_INPUT_MINIMISE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_MINIMISE_H_

// Makes what shows a finding small. Pure: the caller's predicate runs the target, in a fresh process and as
// often as it takes to be sure, and says whether the same finding shows at the same rate or a higher one.
//
// The predicate is assumed to hold for what is passed in. It may be wrong now and then (leaks are a matter of
// schedule): a no where yes was true costs size only; a yes where no was true is for the predicate to prevent
// by repetition. The result is always something for which the predicate said yes, or what was passed in.

#include <cstddef>
#include <functional>
#include <vector>

#include "harness/input/value.h"

namespace goleakstress::input {

// Calls of one entry in a row, in one process.
using Sequence = std::vector<Input>;

using InputPredicate = std::function<bool(const Input&)>;
using SequencePredicate = std::function<bool(const Sequence&)>;

struct MinimisedInput {
  Input input;
  size_t tries = 0;       // of the predicate
  bool finished = false;  // no single reduction that we know holds any more; else the tries ran out
  bool any_input =
      false;  // it holds for zero values and for every one of `unrelated`: the input does not matter
};

// Fields to their zero values, bytes out of text (ddmin: halves, quarters, ... single bytes), bytes to plain
// ones, numbers towards zero; again until nothing helps or `most_tries` are used. `unrelated`: inputs that
// have nothing to do with this one, looked at only if zero values hold.
MinimisedInput Minimise(const Input& input, const std::vector<Input>& unrelated, const InputPredicate& holds,
                        size_t most_tries);

struct MinimisedSequence {
  Sequence calls;
  size_t tries = 0;
  bool finished = false;
};

// Calls out of the sequence (ddmin), then the input of each as above. What is repeated has no beginning:
// where it makes no difference the smallest call is the first.
MinimisedSequence Minimise(const Sequence& calls, const SequencePredicate& holds, size_t most_tries);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_MINIMISE_H_
