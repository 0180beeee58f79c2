// Bytes that are read at any offset: a file, or memory in tests and fuzzers.
#ifndef COLLECTORS_HEAP_DUMP_BYTE_SOURCE_H_
#define COLLECTORS_HEAP_DUMP_BYTE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace goleakstress::collectors {

// The size is taken once: what a writer adds or cuts afterwards is an error or not seen, never a fault. Not
// thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual uint64_t size() const = 0;
  // Fills all of `out`, which lies within size(). DataLoss: the file became shorter.
  virtual absl::Status ReadAt(uint64_t offset, char* out, size_t count) = 0;
};

// Not mapped: a mapped file that its writer cuts ends the reader with a signal. Errors: NotFound and others
// that open(2) gives, with the path.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenByteSource(const std::string& path);

// `bytes` outlives the source.
std::unique_ptr<ByteSource> ByteSourceOf(std::string_view bytes);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_HEAP_DUMP_BYTE_SOURCE_H_
