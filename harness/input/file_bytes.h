#ifndef GOLEAKSTRESS_HARNESS_INPUT_FILE_BYTES_H_
#define GOLEAKSTRESS_HARNESS_INPUT_FILE_BYTES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace goleakstress::input {

// The contents of a regular file of at most `limit` bytes; everything else, devices and pipes included, is an
// error.
absl::StatusOr<std::string> ReadFileBytes(const std::string& path, size_t limit);

// Replaces or makes the file so that a reader, or a crash at any time, finds the old contents or the new:
// written beside it, flushed to disk, renamed. Its directory is made where it is missing.
absl::Status WriteFileAtomically(const std::string& path, std::string_view contents);

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_FILE_BYTES_H_
