// Reads what runtime/debug.WriteHeapDump writes, in one pass and with little memory.
//
// Format: "go1.7 heap dump\n", then records of a tag and its fields, all numbers unsigned varints; see
// runtime/heapdump.go, where it is the same from Go 1.7 to 1.27, and golang.org/s/go15heapdump. Dumps of
// little-endian programs with pointers of 8 bytes only. The file is written by the target, so it is hostile:
// whatever it holds ends in a status, and memory is bounded by the limits, not by the numbers in the file.
#ifndef COLLECTORS_HEAP_DUMP_DUMP_READER_H_
#define COLLECTORS_HEAP_DUMP_DUMP_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "collectors/heap_dump/byte_source.h"

namespace goleakstress::collectors {

struct DumpLimits {
  uint64_t max_bytes = uint64_t{16} << 30;  // of the file
  uint64_t max_objects = 1 << 28;
  uint64_t max_pointers = 1 << 29;  // pointer words of objects
  uint64_t max_roots = 1 << 26;     // records and pointer words that are not objects'
  size_t max_text = 64 << 10;       // of one name
  uint64_t max_stack = 1024;        // frames of an allocation stack
};

struct DumpGoroutine {
  uint64_t id = 0;
  uint64_t created_at = 0;  // pc of the go statement
  bool system = false;      // the runtime's own
  std::string_view wait_reason;
};

struct DumpFinalizer {
  uint64_t object = 0;
  uint64_t closure = 0;
  uint64_t code = 0;    // pc of the function
  bool queued = false;  // about to run: the object itself is kept as well
};

// What a pass over a dump tells. Views last for the call alone. Words are only those that may hold pointers,
// and not null. In the order of the file: objects, goroutines each followed by its frames, leaf first,
// segments, finalizers, allocation stacks, then the objects that belong to them.
class DumpVisitor {
 public:
  virtual ~DumpVisitor() = default;
  // `pointers`: how many words may hold one; 0 where wants_words, which tells them one by one.
  virtual void Object(uint64_t /*address*/, uint64_t /*size*/, uint64_t /*pointers*/) {}
  // Words of the object last told; only where wants_words.
  virtual void ObjectWord(uint64_t /*offset*/, uint64_t /*value*/) {}
  virtual void Goroutine(const DumpGoroutine& /*goroutine*/) {}
  virtual void Frame(std::string_view /*function*/, uint64_t /*pc*/) {}
  virtual void FrameWord(uint64_t /*value*/) {}
  // All words of the frame's memory, those above among them; only where wants_words. The runtime does not
  // list what lies in variables whose address was taken, such as a map that does not leave its function.
  virtual void FrameMemory(uint64_t /*value*/) {}
  virtual void Segment(uint64_t /*address*/, uint64_t /*size*/) {}
  virtual void SegmentWord(uint64_t /*address*/, uint64_t /*value*/) {}
  virtual void Finalizer(const DumpFinalizer& /*finalizer*/) {}
  // Panic values, deferred closures and what the runtime lists by name.
  virtual void OtherRoot(std::string_view /*description*/, uint64_t /*value*/) {}
  virtual void HeapAlloc(uint64_t /*bytes*/) {}
  // An allocation stack, followed by its frames, leaf first.
  virtual void AllocationStack(uint64_t /*id*/) {}
  virtual void AllocationFrame(std::string_view /*function*/, std::string_view /*file*/, uint64_t /*line*/) {}
  virtual void Sample(uint64_t /*object*/, uint64_t /*stack_id*/) {}
};

// `wants_words`: of objects and of the memory of frames, which are skipped otherwise. InvalidArgument: no
// such dump, with the offset; ResourceExhausted: over a limit; those of the source.
absl::Status ReadDump(ByteSource& source, DumpVisitor& visitor, bool wants_words, const DumpLimits& limits);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_DUMP_READER_H_
