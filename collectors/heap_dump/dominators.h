// Who keeps what alive: dominators of an object graph below roots of several ranks.
#ifndef COLLECTORS_HEAP_DUMP_DOMINATORS_H_
#define COLLECTORS_HEAP_DUMP_DOMINATORS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "collectors/heap_dump/object_graph.h"

namespace goleakstress::collectors {

// The graph below roots: nodes are the start (0), the roots (1...) and the objects behind them.
struct RootedGraph {
  const ObjectGraph& objects;
  uint32_t roots = 0;
  // Of each root what it holds: pairs of root (from 0 on) and object. Sorted by root, in the order in which
  // they are searched.
  std::vector<std::pair<uint32_t, uint32_t>> held = {};
  // Roots of a rank hold only what no root of a lower rank reaches. Rising with the root.
  std::vector<uint8_t> ranks = {};
};

// What each root retains: every object that is reached belongs to one root. Where several of its rank keep an
// object, that is the one from which the way is shortest, the first of them, and the object is shared.
struct Retention {
  static constexpr uint32_t kNobody = 0xffffffff;

  std::vector<uint32_t> owner = {};  // by object: the root, or kNobody
  std::vector<bool> shared = {};     // by object
  std::vector<uint32_t> dominator =
      {};                            // by object: the nearest that every path to it leads through, or kNobody
  std::vector<uint64_t> bytes = {};  // by root
  std::vector<uint64_t> objects = {};  // by root
};

// Semi-NCA (Georgiadis, Linear-Time Algorithms for Dominators and Related Problems, 2005, section 2.2): as
// fast as Lengauer-Tarjan in practice, with fewer tables. Needs some 32 bytes per object and 4 per pointer on
// top of the graph while it works. No recursion. Thread-safe.
Retention FindRetention(const RootedGraph& graph);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_DOMINATORS_H_
