// Unpacks gzip data (RFC 1952) within a byte limit.
#ifndef COLLECTORS_GUNZIP_H_
#define COLLECTORS_GUNZIP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

// Whether the bytes start as gzip data does.
bool IsGzip(std::string_view bytes);

// All members of `bytes`, unpacked and joined. InvalidArgument for damaged or cut data and for bytes after
// the last member, ResourceExhausted as soon as more than `max_bytes` would come out: at no time is more than
// twice that held.
absl::StatusOr<std::string> Gunzip(std::string_view bytes, size_t max_bytes);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_GUNZIP_H_
