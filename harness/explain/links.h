// What links two growing sites.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_LINKS_H_
#define HARNESS_EXPLAIN_LINKS_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

// What the rules of cluster.h look at.
struct Links {
  std::string culprit;  // declared function of the first user frame; empty for an orphan
  int line = 0;         // of that frame
  size_t depth = 0;     // frames of its stack that are the user's or a dependency's
  std::string
      outermost;  // declared function of the last user frame of its stack: the entry, if it runs there
  std::set<std::string> functions;  // all declared user functions of stack and creators
  std::set<std::string> libraries;  // packages of dependencies in stack and creators
  std::string goroutine;  // declared function that the goroutine runs, or in whose goroutine it was allocated
  bool user = false;      // culprit is the user's own, not a dependency's
  std::set<std::pair<std::string, int>> starting;  // a goroutine's: the user's calls that led to its start
  bool handed_on = false;                          // a resource that a helper opened for the culprit
  bool awaits_io = false;                          // the goroutine waits for a descriptor that is open
  bool plain_receive = false;                      // the goroutine waits for one channel and nothing else
  bool foreign = false;       // no frame of the user on its stack: the culprit is who started its goroutine
  bool accepted = false;      // a connection that a peer dialled
  bool hijacked = false;      // one that a handler took over
  bool of_transport = false;  // one that an HTTP transport dialled
  bool of_entry = false;      // the culprit is the entry's own function
  bool in_call = false;       // done, or started, by the goroutine that runs the entry's call
  bool runs_user = false;     // a goroutine that stands in the user's own code
  bool served = false;  // the goroutine runs user code for a package of the standard library that started it
};

// `creator` and `entry`: see ClusterSites (cluster.h).
Links LinksOf(const GrowingSite& grown, const Stack& creator, const CodeMap& code,
              std::string_view entry = {});

// What the garbage collector closes holds nothing that stays, but a child that nobody waits for drops its
// handle.
bool MayBelong(const GrowingSite& a, const GrowingSite& b);

// How closely the code links two sites, by the rules of cluster.h.
enum class Tie {
  kNone,
  kEntry,    // only because the one's culprit is the entry, which calls everything
  kCalls,    // the one's culprit called the other's
  kCulprit,  // one culprit, or one goroutine
};
Tie TieOf(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb);

// Two causes, whatever keeps what belongs to both: things of one kind that two callers opened, neither of
// which called the other; or a ticker and a goroutine that is proven lost of two functions. It waits for no
// ticker that runs, and nobody stops one to end it.
bool AreRivals(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb);

// Two causes of the user's, neither of which would end the other by its own end: memory that both have does
// not make them one. A context is none: to cancel it ends goroutines.
bool AreApart(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb);

// What is kept by something that grows alike goes with it; what goroutines that stay keep, or the array of a
// map or slice that grows in steps, however it grows.
bool Keeps(const std::vector<GrowingSite>& sites, size_t keeper, size_t kept);

// Whether it is what the kernel counts of what `handle` is one of: "socket.tcp" of an fd.socket.
bool IsCountOf(const Site& count, const Site& handle);

// Whether a library started the goroutine by itself, out of a function that led to where the handle was
// acquired, in a goroutine of the library's too: the user's call behind both is the same.
bool StartedBeside(const GrowingSite& goroutine, const Links& lg, const GrowingSite& handle, const Links& lh);

// Whether code of a dependency stands on both stacks.
bool ShareLibrary(const Links& a, const Links& b);

// Goroutines that stay by chance, and in the same batches, stay for one cause: they wait for each other. Two
// chances of their own would differ by as much as binomial counts do. What every call leaves behind goes
// together in any case.
bool StayTogether(const GrowingSite& a, const GrowingSite& b);

// What it gained in all its batches.
double Gained(const GrowingSite& grown);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_LINKS_H_
