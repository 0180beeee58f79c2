// The objects of a heap dump and who points to whom, in 16 bytes per object and 4 per pointer.
#ifndef COLLECTORS_HEAP_DUMP_OBJECT_GRAPH_H_
#define COLLECTORS_HEAP_DUMP_OBJECT_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "collectors/heap_dump/byte_source.h"
#include "collectors/heap_dump/dump_reader.h"

namespace goleakstress::collectors {

// Objects have numbers from 0 on, in the order of their addresses. Immutable once built; then thread-safe.
class ObjectGraph {
 public:
  static constexpr uint32_t kNone = 0xffffffff;

  // Makes one pass for the objects. Fill is to follow.
  static absl::StatusOr<ObjectGraph> ReadObjects(ByteSource& source, const DumpLimits& limits);
  // Makes a second pass for the pointers between objects; `other` is told everything but them.
  absl::Status ReadPointers(ByteSource& source, DumpVisitor& other, const DumpLimits& limits);

  // For tests and tools: objects in ascending order of their addresses, and pointers by object number.
  struct Object {
    uint64_t address = 0;
    uint64_t size = 0;
    std::vector<uint32_t> pointers = {};
  };
  static ObjectGraph Of(const std::vector<Object>& objects);

  size_t size() const { return nodes_.size(); }
  uint64_t address(uint32_t object) const { return nodes_[object].address; }
  uint64_t bytes(uint32_t object) const { return uint64_t{nodes_[object].granules} * kGranule; }
  // Holds kNone for words that point to no object.
  std::span<const uint32_t> pointers(uint32_t object) const {
    const uint32_t begin = nodes_[object].begin;
    const uint32_t end =
        object + 1 < nodes_.size() ? nodes_[object + 1].begin : static_cast<uint32_t>(targets_.size());
    return {targets_.data() + begin, end - begin};
  }
  // Tells the processor that the object's pointers will be asked for.
  void Prefetch(uint32_t object) const { __builtin_prefetch(&nodes_[object]); }
  // The object that holds the address, perhaps in its middle; kNone if there is none.
  uint32_t Find(uint64_t address) const;

 private:
  // Go's smallest step of sizes.
  static constexpr uint64_t kGranule = 8;
  struct Node {
    uint64_t address = 0;
    uint32_t granules = 0;
    uint32_t begin = 0;  // in targets_
  };
  class Objects;
  class Pointers;

  void MakeBuckets();
  // Of an address below the first object, too, which makes it a large number. Pre: there are objects.
  size_t BucketOf(uint64_t address) const;
  // What Find is about to read.
  void PrefetchBucket(uint64_t address) const;
  void PrefetchNodes(uint64_t address) const;

  std::vector<Node> nodes_;
  std::vector<uint32_t> targets_;
  // Addresses from the first object's on, in stretches of 2^shift_: the first object of each.
  std::vector<uint32_t> buckets_;
  unsigned shift_ = 0;
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_OBJECT_GRAPH_H_
