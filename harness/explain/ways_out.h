// The ways out of a function that opened something.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_WAYS_OUT_H_
#define HARNESS_EXPLAIN_WAYS_OUT_H_

#include <string_view>

namespace goleakstress::explain {

// Whether the function declaration around `line`, which opened something there and returns it, has another
// return behind that on which it neither returns nor closes it: `return nil, err` after a failed handshake.
// None are: a check of the error right after `line`; a return behind a defer that names it; one behind what
// closes it or hands it to a function for what that does, in the block where it was opened. Told by the text,
// as gofmt has it; false where it says nothing.
bool ForgetsItOnReturn(std::string_view source, int line);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_WAYS_OUT_H_
