#include "harness/report/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace goleakstress::report {
namespace {

absl::Status Failed(std::string_view name) {
  return absl::ErrnoToStatus(errno, fmt::format("writing {}", name));
}

absl::Status WriteAndClose(int fd, std::string_view content, std::string_view name) {
  absl::Status status = WriteAll(fd, content, name);
  // Some file systems tell only here that the disk is full.
  if (close(fd) != 0 && status.ok()) status = Failed(name);
  return status;
}

}  // namespace

absl::Status WriteAll(int fd, std::string_view content, std::string_view name) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed(name);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

bool ReplacesWhatIsThere(const std::string& path) {
  struct stat old = {};
  return stat(path.c_str(), &old) != 0 || S_ISREG(old.st_mode);
}

absl::Status CheckWritable(const std::string& path) {
  struct stat old = {};
  const bool exists = stat(path.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) errno = EISDIR;
  if (exists && (S_ISDIR(old.st_mode) || access(path.c_str(), W_OK) != 0)) return Failed(path);
  if (exists && !S_ISREG(old.st_mode)) return absl::OkStatus();
  std::error_code error;
  std::filesystem::path target = path;
  if (exists) target = std::filesystem::canonical(path, error);
  const std::string directory = target.has_parent_path() ? target.parent_path().string() : ".";
  return access(directory.c_str(), W_OK | X_OK) == 0 ? absl::OkStatus() : Failed(path);
}

absl::Status WriteFileWhole(const std::string& path, std::string_view content) {
  struct stat old = {};
  const bool exists = stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    return fd < 0 ? Failed(path) : WriteAndClose(fd, content, path);
  }
  std::error_code error;
  std::filesystem::path target = path;
  if (exists) target = std::filesystem::canonical(path, error);
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("writing {}", path));
  static std::atomic<unsigned> serial =
      0;  // two reports may be written at once, and one may be left by a kill
  const std::string temporary = fmt::format("{}.{}.{}.tmp", target.string(), getpid(), serial++);
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return Failed(path);
  if (exists) fchmod(fd, old.st_mode & 07777);
  absl::Status status = WriteAndClose(fd, content, path);
  if (status.ok() && rename(temporary.c_str(), target.c_str()) != 0) status = Failed(path);
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

}  // namespace goleakstress::report
