#include "harness/build/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace goleakstress::build {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("reading {}", path));
  std::string contents;
  char chunk[64 << 10];
  ssize_t n = 0;
  while ((n = read(fd, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
    if (n > 0) contents.append(chunk, static_cast<size_t>(n));
  }
  const int error = errno;
  close(fd);
  if (n < 0) return absl::ErrnoToStatus(error, fmt::format("reading {}", path));
  return contents;
}

absl::Status WriteFileWhole(const std::string& path, std::string_view contents) {
  std::string temporary = path + ".XXXXXX";
  const int fd = mkostemp(temporary.data(), O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("writing {}", path));
  int error = fchmod(fd, 0644) == 0 ? 0 : errno;
  while (error == 0 && !contents.empty()) {
    const ssize_t n = write(fd, contents.data(), contents.size());
    if (n >= 0) {
      contents.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (close(fd) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return absl::OkStatus();
  unlink(temporary.c_str());
  return absl::ErrnoToStatus(error, fmt::format("writing {}", path));
}

absl::Status MakeDirectories(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("making directory {}", path));
  return absl::OkStatus();
}

std::string SeenFrom(const std::string& dir, const std::string& path) {
  const std::string prefix = dir == "/" ? dir : dir + "/";
  if (path == dir) return ".";
  if (path.size() > prefix.size() && path.starts_with(prefix)) return "./" + path.substr(prefix.size());
  return path;
}

}  // namespace goleakstress::build
