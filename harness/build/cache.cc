#include "harness/build/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/build/files.h"

namespace goleakstress::build {
namespace fs = std::filesystem;
namespace {

struct Used {
  fs::file_time_type when;
  fs::path path;
  uintmax_t bytes = 0;
};

uintmax_t BytesOf(const fs::path& path) {
  std::error_code ignored;
  uintmax_t bytes = 0;
  for (const auto& file : fs::recursive_directory_iterator(path, ignored)) {
    const uintmax_t size = file.file_size(ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

// Removes the entries that were not used for kCacheDays, and binaries beyond kCacheBytes. Mirrors are
// directories of links: remove_all does not follow them.
void Prune(const std::string& dir) {
  const auto oldest = fs::file_time_type::clock::now() - std::chrono::hours(24 * kCacheDays);
  std::error_code ignored;  // what cannot be removed today may be tomorrow
  std::vector<Used> binaries;
  for (const auto& kind : fs::directory_iterator(dir, ignored)) {
    if (!kind.is_directory(ignored)) continue;
    for (const auto& entry : fs::directory_iterator(kind.path(), ignored)) {
      std::error_code error;
      const auto when = fs::last_write_time(entry.path(), error);
      if (error) continue;
      if (when < oldest) {
        fs::remove_all(entry.path(), ignored);
      } else if (kind.path().filename() == "bin") {
        binaries.push_back({when, entry.path(), BytesOf(entry.path())});
      }
    }
  }
  std::sort(binaries.begin(), binaries.end(), [](const Used& a, const Used& b) { return a.when > b.when; });
  uintmax_t bytes = 0;
  for (const Used& binary : binaries) {
    bytes += binary.bytes;
    if (bytes > kCacheBytes) fs::remove_all(binary.path, ignored);
  }
}

}  // namespace

FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

FileLock::~FileLock() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<FileLock> FileLock::Take(const std::string& path, int operation) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return absl::ErrnoToStatus(errno, fmt::format("opening {}", path));
  FileLock lock(fd);
  while (flock(fd, operation) != 0) {
    if (errno == EWOULDBLOCK) return absl::UnavailableError(fmt::format("{} is held by another run", path));
    if (errno != EINTR) return absl::ErrnoToStatus(errno, fmt::format("locking {}", path));
  }
  return lock;
}

absl::StatusOr<FileLock> FileLock::Exclusive(const std::string& path) { return Take(path, LOCK_EX); }
absl::StatusOr<FileLock> FileLock::Shared(const std::string& path) { return Take(path, LOCK_SH); }
absl::StatusOr<FileLock> FileLock::TryExclusive(const std::string& path) {
  return Take(path, LOCK_EX | LOCK_NB);
}

absl::StatusOr<Cache> Cache::Open(const std::string& dir) {
  if (auto made = MakeDirectories(dir); !made.ok()) return made;
  const std::string lock_path = dir + "/lock";
  if (auto alone = FileLock::TryExclusive(lock_path); alone.ok()) {
    Prune(dir);
  } else if (!absl::IsUnavailable(alone.status())) {
    return alone.status();
  }
  auto lock = FileLock::Shared(lock_path);
  if (!lock.ok()) return lock.status();
  return Cache(dir, *std::move(lock));
}

absl::StatusOr<std::string> Cache::Entry(const std::string& kind, const std::string& name) const {
  std::string path = dir_ + "/" + kind + "/" + name;
  if (auto made = MakeDirectories(path); !made.ok()) return made;
  if (utimensat(AT_FDCWD, path.c_str(), nullptr, 0) != 0) {
    return absl::ErrnoToStatus(errno, fmt::format("marking {} as used", path));
  }
  return path;
}

absl::StatusOr<std::string> DefaultCacheDir() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] == '/') return std::string(cache) + "/goleakstress";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string(home) + "/.cache/goleakstress";
  return absl::FailedPreconditionError(
      "neither XDG_CACHE_HOME nor HOME names a directory; give one with -work DIR");
}

}  // namespace goleakstress::build
