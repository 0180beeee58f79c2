// Small helpers on files and paths.
#ifndef HARNESS_BUILD_FILES_H_
#define HARNESS_BUILD_FILES_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace goleakstress::build {

// NotFound where there is no such file; other errors carry the path and the system's word for it.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Readers see the old file, no file, or the whole new one: written beside its place and renamed.
absl::Status WriteFileWhole(const std::string& path, std::string_view contents);

// Makes the directory and what is missing above it.
absl::Status MakeDirectories(const std::string& path);

// The name `path` has when seen from `dir`, both absolute: "./a/b" below it, otherwise the absolute path.
std::string SeenFrom(const std::string& dir, const std::string& path);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_FILES_H_
