// The cache directory of the harness: mirrors of GOROOTs, overlays and built binaries, shared by all runs of
// one user.
#ifndef HARNESS_BUILD_CACHE_H_
#define HARNESS_BUILD_CACHE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace goleakstress::build {

// Entries not used for so long are removed.
inline constexpr int kCacheDays = 14;
// Binaries beyond so many bytes are, those used longest ago first.
inline constexpr uint64_t kCacheBytes = uint64_t{4} << 30;

// A lock on a file (flock), released by the destructor; it also ends with the process.
class FileLock {
 public:
  // Waits until nobody else holds it.
  static absl::StatusOr<FileLock> Exclusive(const std::string& path);
  static absl::StatusOr<FileLock> Shared(const std::string& path);
  // Unavailable if another holds it.
  static absl::StatusOr<FileLock> TryExclusive(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  static absl::StatusOr<FileLock> Take(const std::string& path, int operation);
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

// Holds the cache open: while a Cache lives nobody removes what is in it. Runs may share the directory.
class Cache {
 public:
  // Makes `dir` (absolute) and removes old entries, unless another run is using the cache. Errors:
  // PermissionDenied and the like for a directory that cannot be written, with its path.
  static absl::StatusOr<Cache> Open(const std::string& dir);

  // The directory of one entry of a kind ("goroot", "overlay", "bin"), which is made if need be and marked as
  // used now.
  absl::StatusOr<std::string> Entry(const std::string& kind, const std::string& name) const;

  const std::string& dir() const { return dir_; }

 private:
  Cache(std::string dir, FileLock lock) : dir_(std::move(dir)), lock_(std::move(lock)) {}
  std::string dir_;
  FileLock lock_;
};

// $XDG_CACHE_HOME/goleakstress or ~/.cache/goleakstress; FailedPrecondition where neither variable is set.
absl::StatusOr<std::string> DefaultCacheDir();

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_CACHE_H_
