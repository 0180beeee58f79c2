// Who took the lock for which a goroutine waits, in words.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_LOCK_TAKER_H_
#define HARNESS_EXPLAIN_LOCK_TAKER_H_

#include <functional>
#include <string>

#include "harness/explain/stack.h"

namespace goleakstress::explain {

struct LockTaker {
  Stack took = {};         // its stack when it took the lock, leaf first; maybe only the innermost frames
  bool same = false;       // it is the goroutine that waits
  std::string state = {};  // what it does now, "chan send"; empty: it has ended
  Stack at = {};           // where it does
};

// Where the user's code took it in a goroutine that has ended without giving it back. Null: nowhere.
const Frame* WhoForgotIt(const LockTaker& taker, const CodeMap& code);

// "the lock taken at table.go:36 in app.(*Table).Load by a goroutine that has ended". Empty where `took` is.
// `place_of` gives a frame's file and line as the report has them.
std::string InWords(const LockTaker& taker, const CodeMap& code,
                    const std::function<std::string(const Frame&)>& place_of);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_LOCK_TAKER_H_
