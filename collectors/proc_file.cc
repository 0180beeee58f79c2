#include "collectors/proc_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "fmt/format.h"

namespace goleakstress::collectors {

absl::StatusOr<std::string> ReadProcFile(const std::string& path, size_t max_bytes) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("reading {}", path));
  absl::Cleanup close_fd = [fd] { close(fd); };
  std::string text(4096, '\0');
  size_t used = 0;
  while (true) {
    const ssize_t got = read(fd, text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return absl::ErrnoToStatus(errno, fmt::format("reading {}", path));
    used += static_cast<size_t>(got);
    if (used > max_bytes) {
      return absl::ResourceExhaustedError(fmt::format("reading {}: more than {} bytes", path, max_bytes));
    }
    if (got == 0) break;
    if (used == text.size()) text.resize(2 * text.size());
  }
  text.resize(used);
  return text;
}

void ForEachLine(std::string_view text, const std::function<void(std::string_view line)>& line) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::string_view NextWord(std::string_view* text) {
  const size_t begin = std::min(text->find_first_not_of(" \t"), text->size());
  const size_t end = std::min(text->find_first_of(" \t", begin), text->size());
  const std::string_view word = text->substr(begin, end - begin);
  text->remove_prefix(end);
  return word;
}

unsigned long long ProcNumber(std::string_view text, int base) {
  unsigned long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace goleakstress::collectors
