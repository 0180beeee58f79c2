// Which site names a finding: where the cause is, of all that grow with it.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_HEADS_H_
#define HARNESS_EXPLAIN_HEADS_H_

#include <cstddef>
#include <vector>

#include "harness/explain/links.h"
#include "harness/explain/site.h"

namespace goleakstress::explain {

// Whether `a` is a better head than `b`.
bool IsBetterHead(const GrowingSite& a, const Links& la, const GrowingSite& b, const Links& lb);

// What the kernel counts tells no line: where the head is such a count, the best of the user's resources and
// goroutines tells it. `head` where there is none.
size_t LocatedOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                 const std::vector<size_t>& members, size_t head);

// Among allocations the container tells the line: a map or slice gains many bytes in
// few objects, while what is put into it gains objects. Beside large things the bytes of the map that keeps
// them are few: a word for each is enough where the runtime says that a map or slice grew. `head` where no
// member looks like one. Where a heap dump showed it, what another member keeps alive is none. Of several the
// one nearest to the entry, in one function the later line: a value is made before it is stored. What the
// entry itself allocates (keys, arguments) is passed over where something deeper grows as well.
struct Container {
  size_t head;
  bool found;  // head is a container by its shape
};
Container ContainerOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                      const std::vector<size_t>& members, size_t head);

// What a goroutine of the user's that stays acquired for itself it would give back at its end, and nobody
// else can: that goroutine tells the line. So does a library's for its ticker. `head` where there is none.
size_t MakerOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
               const std::vector<size_t>& members, size_t head);

// A connection that a server accepted for itself ends with its handler: where that is the user's and stays,
// it tells the line. `head` where there is none.
size_t HandlerOf(const std::vector<Links>& links, const std::vector<size_t>& members, size_t head);

// Where the head is a goroutine that waits for a lock, or for the end of those that it started, the one for
// which it waits, or at the end of such a chain, tells the line. `head` where they wait for each other.
size_t AwaitedBy(const std::vector<GrowingSite>& sites, const std::vector<size_t>& members, size_t head);

// What a library's own goroutine keeps was handed to it: where the head is its container, and what is kept
// next to that was made in a call of the user's, that call tells the line. `head` where there is none.
size_t HandedBy(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                const std::vector<size_t>& members, size_t head);

// What some calls leave is not why every call adds to a map: where the head is a goroutine or a handle that
// stays by chance, and a map of the user's gains whole entries in every call, the map tells the line. `head`
// where there is none.
size_t SteadierOf(const std::vector<GrowingSite>& sites, const std::vector<Links>& links,
                  const std::vector<size_t>& members, size_t head);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_HEADS_H_
