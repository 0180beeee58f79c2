// Ways from a variable to what it retains, as offsets of pointers.
#ifndef COLLECTORS_HEAP_DUMP_RETENTION_PATHS_H_
#define COLLECTORS_HEAP_DUMP_RETENTION_PATHS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "collectors/heap_dump/byte_source.h"
#include "collectors/heap_dump/dominators.h"
#include "collectors/heap_dump/dump_reader.h"
#include "collectors/heap_dump/object_graph.h"

namespace goleakstress::collectors {

struct RetentionPath {
  size_t holding = 0;                  // whose it is; for the caller
  std::vector<uint32_t> objects = {};  // from the root on, each dominating the next
  std::vector<uint64_t> offsets = {};  // of the pointer to objects[0], in objects[0] of that to objects[1]...
};

// The first objects on the way from its root to this one, itself among them; none for a shared object.
std::vector<uint32_t> ObjectsAbove(const Retention& retention, uint32_t object);

// Reads the dump once more and appends the offsets within objects, up to the first that does not point to the
// next object itself. Leaves a path alone that has no offset yet.
absl::Status FollowPaths(ByteSource& source, const ObjectGraph& graph, const DumpLimits& limits,
                         std::vector<RetentionPath>* paths);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_RETENTION_PATHS_H_
