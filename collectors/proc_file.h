// Reads files of /proc, whose size is known only once they were read.
#ifndef COLLECTORS_PROC_FILE_H_
#define COLLECTORS_PROC_FILE_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

// The file's bytes. NotFound where it or its process is gone, PermissionDenied, ResourceExhausted beyond
// `max_bytes`.
absl::StatusOr<std::string> ReadProcFile(const std::string& path, size_t max_bytes = size_t{64} << 20);

// Calls `line` with every line of `text`, without its newline.
void ForEachLine(std::string_view text, const std::function<void(std::string_view line)>& line);

// The next word of `*text` up to a space or tab, cut off from its front; empty at the end.
std::string_view NextWord(std::string_view* text);

// The number that `text` is as a whole in that base, or 0: /proc writes no other ones.
unsigned long long ProcNumber(std::string_view text, int base = 10);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_PROC_FILE_H_
