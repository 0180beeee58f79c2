// What the code that is to blame can call to give up what its call left behind. Told by the source.
//
// Thread-safe as far as `read` is.
#ifndef HARNESS_EXPLAIN_RELEASE_H_
#define HARNESS_EXPLAIN_RELEASE_H_

#include <string>
#include <string_view>

#include "harness/explain/owner.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

struct Release {
  std::string how = {};         // empty: nothing known
  const Frame* call = nullptr;  // a frame of the chain, where the culprit made it for his caller: that one's
  bool done = false;            // whoever got it calls that on every way, by the text (ways_out.h)
};

// "Close() of what nats.Connect returns", where the function that `culprit`, a frame of `chain` (leaf first),
// called returns a type of its own package with a method that gives it up and takes nothing, or a context. Or
// "Stop() of its *cron.Cron", where the function is a method that starts something (Start, Run, Serve...) and
// its receiver has such a method. Where the culprit itself is the leaf, as who runs a `go` statement is, it
// is asked of him and of the callers that hand on what he returns, or whose inside he is: he is not exported.
// Where the leaf is a go statement (`started`) of a library's that says nothing else, it is asked of the
// receiver of the method around it, or of the next one below the culprit.
Release ReleaseOf(const Stack& chain, const Frame* culprit, const CodeMap& code, const ReadSource& read,
                  bool started = false);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_RELEASE_H_
