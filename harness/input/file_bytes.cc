#include "harness/input/file_bytes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace goleakstress::input {
namespace {

// An fd that closes itself.
struct File {
  int fd;
  ~File() {
    if (fd >= 0) close(fd);
  }
};

absl::Status Failed(std::string_view doing, const std::string& path, int error) {
  return absl::ErrnoToStatus(error, fmt::format("{} {}", doing, path));
}

}  // namespace

absl::StatusOr<std::string> ReadFileBytes(const std::string& path, size_t limit) {
  const File file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat info;
  if (file.fd < 0 || fstat(file.fd, &info) != 0) return Failed("opening", path, errno);
  if (!S_ISREG(info.st_mode)) return absl::InvalidArgumentError(fmt::format("{} is no regular file", path));
  std::string bytes;
  for (;;) {
    char chunk[65536];
    const ssize_t n = read(file.fd, chunk, sizeof chunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed("reading", path, errno);
    if (n == 0) return bytes;
    bytes.append(chunk, static_cast<size_t>(n));
    if (bytes.size() > limit)
      return absl::ResourceExhaustedError(fmt::format("{} has over {} bytes", path, limit));
  }
}

absl::Status WriteFileAtomically(const std::string& path, std::string_view contents) {
  std::error_code error;
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  if (error) return Failed("making", directory, error.value());
  // Several processes may save the same finding at once, each under a name of its own.
  const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
  {
    const File file{open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
    if (file.fd < 0) return Failed("making", temporary, errno);
    for (std::string_view rest = contents; !rest.empty();) {
      const ssize_t n = write(file.fd, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("writing", temporary, errno);
      rest.remove_prefix(static_cast<size_t>(n));
    }
    if (fsync(file.fd) != 0) return Failed("writing", temporary, errno);
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return Failed("renaming to", path, errno);
  return absl::OkStatus();
}

}  // namespace goleakstress::input
