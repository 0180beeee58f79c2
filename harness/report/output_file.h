// Files that appear whole or not at all.
#ifndef HARNESS_REPORT_OUTPUT_FILE_H_
#define HARNESS_REPORT_OUTPUT_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace goleakstress::report {

// Writes everything to the descriptor; `name` stands in the error. The descriptor stays open.
absl::Status WriteAll(int fd, std::string_view content, std::string_view name);

// Replaces the file at `path` by one with this content: a temporary file beside it, then a rename, so that
// nobody ever reads half of it and an error leaves the old one. What is reached by a symbolic link is
// replaced there. A path that exists and is no regular file (a device, a pipe) is written into.
absl::Status WriteFileWhole(const std::string& path, std::string_view content);

// Whether WriteFileWhole makes or replaces a file there, and does not write into a device or a pipe.
bool ReplacesWhatIsThere(const std::string& path);

// Whether WriteFileWhole can write there, as far as that can be told without writing: better asked before a
// long run than after it. The error is the one that it would give.
absl::Status CheckWritable(const std::string& path);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_OUTPUT_FILE_H_
