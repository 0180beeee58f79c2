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

// Whether it opened that in a loop whose next turn it comes to, by `continue` or by the end of the body, with
// neither closed nor stored what this turn opened: a try that is made again. No such way are: one on which
// opening it failed; one behind what is done with it on the same way; any where the loop's head names it or
// its error, or a defer does.
bool ForgetsItOnNextTurn(std::string_view source, int line);

// Whether it gives that up, or defers to, before any way out but the one where opening it failed.
bool GivesItUp(std::string_view source, int line);

// Whether it puts what it opened there where it looked for that before, as a cache does that opens what it
// has not got: `s.files[job] = f` behind `if f := s.files[job]; f != nil {`. Then it is its own.
bool KeepsForNextTime(std::string_view source, int line);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_WAYS_OUT_H_
