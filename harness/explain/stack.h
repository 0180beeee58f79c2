// Stacks as findings see them: whose code a frame is, and which frames tell one site from another.
//
// Pure functions on values; thread-safe.
#ifndef HARNESS_EXPLAIN_STACK_H_
#define HARNESS_EXPLAIN_STACK_H_

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace goleakstress::explain {

struct Frame {
  std::string function = {};  // as Go prints it: "module/pkg.(*T).Method.func1"
  std::string file = {};
  int line = 0;

  friend bool operator==(const Frame&, const Frame&) = default;
};

using Stack = std::vector<Frame>;  // leaf first

using Functions = std::set<std::string, std::less<>>;  // by their names

enum class Owner {
  kUser,        // the main module or workspace of the target
  kDependency,  // another module
  kStandard,    // GOROOT, code that the go command generates, and the system calls of golang.org/x/sys
  kAgent,       // ours
};

// Directories that decide whose a file is. Paths are absolute, without a slash at the end.
struct CodeMap {
  std::vector<std::string> user_dirs = {};  // module directories; vendor/ below them is a dependency
  std::vector<std::string> goroots = {};    // the mirror and what it mirrors
  std::string agent_package = {};           // import path of the agent
  // Declared functions of the user's whose frames are a dependency's to OwnerOf: see helpers.h, generated.h.
  Functions helpers = {};

  Owner OwnerOf(const Frame& frame) const;
};

// The import path of a function's package: "net/http" of "net/http.(*Transport).dialConn.func3".
std::string PackageOf(std::string_view function);

// As tracebacks print it, "pkg.Map[...].func1": profiles tell the type arguments,
// "pkg.Map[go.shape.int].func1". Tracebacks hide all from the first bracket to the last, with what was
// inlined between.
std::string AsPrinted(std::string_view function);

// The declared function that a function belongs to: closures, wrappers, range bodies and type arguments are
// cut, so that the name is the same in every Go version: "pkg.(*T).Run" of "pkg.(*T).Run.func1.2", "pkg.Map"
// of "pkg.Map[...].gowrap1".
std::string DeclaredFunction(std::string_view function);

// "loop" of the declared function "pkg.(*T).loop".
std::string_view NameWithin(std::string_view declared);

// Whether it is a closure, or a wrapper of the compiler's.
bool IsClosure(std::string_view function);

// Without the frames below the user's entry (testing, reflect, our agent, runtime.goexit), so that two ways
// to call the same code are one site, and without recursion: of a function's calls the innermost counts, so
// that the depths of a tree are one site; and without what the probes put between. A stack without a frame of
// the user or a dependency keeps its standard library frames; empty where the agent is among them.
Stack TrimRoot(Stack stack, const CodeMap& code);

// Whether the frame is of what the probes add to packages of the standard library.
bool IsGlue(const Frame& frame, const CodeMap& code);

// Whether an agent frame is left after TrimRoot: the agent allocated, opened or waits, not the target.
bool IsOwn(const Stack& trimmed, const CodeMap& code);

// What an allocation is for, read off the runtime's frames at the leaf of its stack.
struct Allocation {
  bool by_runtime = false;  // the runtime allocates for itself: descriptors of goroutines and waiters, timers
  std::string container = {};  // "map" or "slice" where one grows
};
// Takes the runtime's frames off the leaf of an allocation stack.
Allocation TakeAllocation(Stack* stack);

// Whether the function is of the Go runtime's own packages: "runtime.mallocgc",
// "internal/runtime/maps.newTable".
bool IsRuntimes(std::string_view function);

// Whether all frames are the runtime's: descriptors of goroutines, ancestors of tracebacks, timers. They
// follow what the target does and are never a cause.
bool IsRuntimeOnly(const Stack& stack);

// What the stack's goroutine runs; empty for an empty stack. `go f(x)` runs a wrapper of the compiler's,
// which shows in profiles of the heap alone: it does not count.
std::string FunctionThatRuns(const Stack& stack);

// Whether a frame of the user's own code is among them.
bool HasUserFrame(std::span<const Frame> frames, const CodeMap& code);

// The first frame, from the leaf, of the user's own code; of a dependency where there is none; else null.
const Frame* Culprit(const Stack& stack, const CodeMap& code);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_STACK_H_
