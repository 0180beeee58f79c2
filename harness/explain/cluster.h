// One cause, one finding: which growing sites belong together.
//
// Two sites are joined when the code links them and their growth has the same driver. The code links two
// sites when
//  - both have the same culprit function (declared function of the first user frame),
//  - one is heap, and its allocation stack passes through the other's culprit function, or runs in the
//    goroutine whose function the other names,
//  - both are heap, and a heap dump showed that the one keeps the other alive, or
//  - one is heap, and a heap dump showed that the other's goroutines keep it.
// Two resources, two goroutines or a resource and a goroutine of different culprit functions are never joined
// by the second rule, nor by memory that both of two causes of the user's have: two causes that both leak
// stay two. Nor do allocations join what they are linked to on both sides, where these are resources of one
// kind that two callers opened, or where they were made by the entry, which calls everything.
// Sites without a culprit (sockets and goroutines of net/http, allocations in them, descriptors of the
// kernel) and tiny ones join the strongest cluster whose growth is proportional to theirs, one of the
// entry's own allocations last; allocations join the most alike one in any case. They stand alone only where
// there is none.
// The kernel's count of descriptors joins the handle of its kind whose growth is proportional, before others.
// Allocations without any frame of the user (a library made them in a goroutine of its own) join the
// strongest cluster of the user's own code that went through a package of the same library and grows in
// proportion. A goroutine that a library started in a goroutine of its own joins the descriptor that was
// acquired out of the same function of the library's, and grows in proportion. A handler's goroutine that a
// package of the standard library started joins the user's resource whose growth is proportional to its own:
// it waits for a client that never closes. A connection that an HTTP transport dialled joins a transport that
// leaks in proportion, which keeps it, unless it belongs to a body that the user does not close. What the
// garbage collector closes is joined to handles only: nothing else of it stays. Allocations without a
// container (no map or slice that grows, only objects) whose growth is proportional to that of a leaking
// goroutine or resource are held by it: they join it too. Memory outside the Go heap joins what C leaks,
// where that is most of it, else another resource that leaks: a database's, say, maps what it needs. So do
// resources of two functions where the one was acquired in the very call that acquired the other, and
// goroutines that were started in the very call that returned a resource to whoever should close it. A
// goroutine that waits for input or output waits for a descriptor that is open: it joins the user's resource
// whose growth is proportional, before others one that was acquired by a function that led to its start.
// Goroutines that stay by chance (in less than every call) and always together wait for each other: one
// cause.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_CLUSTER_H_
#define HARNESS_EXPLAIN_CLUSTER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/explain/site.h"
#include "harness/explain/stack.h"

namespace goleakstress::explain {

struct Cluster {
  size_t head = 0;                   // index of the site that names the finding
  std::vector<size_t> members = {};  // indices, the head among them
};

// `starters[i]` is the stack that ran the `go` statement of sites[i]'s goroutines, up to the root of the
// goroutine that it ran in: what lies beyond that (whoever started the server that started the goroutine)
// links nothing. Empty where unknown or where the site is none of goroutines. `entry`: whose calls were made.
std::vector<Cluster> ClusterSites(const std::vector<GrowingSite>& sites, const std::vector<Stack>& starters,
                                  const CodeMap& code, std::string_view entry = {});

// The correlation of two series of changes, in [-1, 1]; 0 where one of them is constant or they are of
// different lengths.
double Correlation(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_CLUSTER_H_
