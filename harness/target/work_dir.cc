#include "harness/target/work_dir.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <filesystem>

#include "harness/target/remove_tree.h"

namespace goleakstress::target {
namespace {

namespace fs = std::filesystem;

constexpr char kPrefix[] = "goleakstress-";
constexpr uint64_t kLeastFreeBytes = 64 << 20;  // the overlay, one test binary, a few profiles
// Between making a directory and locking it a run is not yet recognised as alive.
constexpr time_t kYoungestStaleSeconds = 60;

absl::Status MakeDirs(const std::string& path, mode_t mode = 0777) {
  std::error_code error;
  if (const fs::path parent = fs::path(path).parent_path(); !parent.empty())
    fs::create_directories(parent, error);
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("making the directory {}", path));
  if (mkdir(path.c_str(), mode) == 0) return absl::OkStatus();
  const int failure = errno;
  if (failure == EEXIST && fs::is_directory(path, error)) return absl::OkStatus();
  return absl::ErrnoToStatus(failure, fmt::format("making the directory {}", path));
}

absl::Status CheckWritable(const std::string& path) {
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, fmt::format("the directory {} cannot be used", path));
}

void RemoveIfStale(const std::string& dir) {
  struct stat info;
  if (lstat(dir.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid()) return;
  const ScopedFd lock(open((dir + "/lock").c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!lock.valid() || fstat(lock.get(), &info) != 0) return;
  if (info.st_mtime + kYoungestStaleSeconds > time(nullptr)) return;
  if (flock(lock.get(), LOCK_EX | LOCK_NB) == 0) RemoveTree(dir).IgnoreError();
}

// What runs that were killed have left.
void RemoveStale(const std::string& parent) {
  std::error_code error;
  for (fs::directory_iterator item(parent, error), end; !error && item != end; item.increment(error)) {
    if (item->path().filename().string().starts_with(kPrefix)) RemoveIfStale(item->path().string());
  }
}

absl::StatusOr<std::string> PersistentCache(const Environment& env) {
  std::string cache = GetVariable(env, "XDG_CACHE_HOME").value_or("");
  if (!cache.starts_with('/')) {  // the XDG rules: relative means unset
    const std::string home = GetVariable(env, "HOME").value_or("");
    if (!home.starts_with('/')) return absl::NotFoundError("neither XDG_CACHE_HOME nor HOME is set");
    cache = home + "/.cache";
  }
  cache += "/goleakstress";
  if (absl::Status made = MakeDirs(cache, 0700); !made.ok()) return made;
  if (absl::Status writable = CheckWritable(cache); !writable.ok()) return writable;
  return cache;
}

}  // namespace

absl::StatusOr<WorkDir> WorkDir::Create(const std::string& keep_at, const Environment& env) {
  WorkDir work;
  std::error_code error;
  if (keep_at.empty()) {
    std::string parent = GetVariable(env, "TMPDIR").value_or("");
    parent = fs::absolute(parent.empty() ? "/tmp" : parent, error).string();
    RemoveStale(parent);
    absl::StatusOr<TemporaryTree> tree = TemporaryTree::Make(parent, kPrefix);
    if (!tree.ok()) return tree.status();
    work.root_ = tree->path();
    work.temporary_ = *std::move(tree);
  } else {
    work.root_ = fs::absolute(keep_at, error).lexically_normal().string();
    if (work.root_.size() > 1 && work.root_.ends_with('/')) work.root_.pop_back();
    if (absl::Status made = MakeDirs(work.root_); !made.ok()) return made;
    if (absl::Status writable = CheckWritable(work.root_); !writable.ok()) return writable;
  }
  if (absl::Status locked = work.Lock(); !locked.ok()) return locked;
  if (absl::Status space = CheckFreeSpace(work.root_, kLeastFreeBytes); !space.ok()) return space;
  for (const std::string& dir : {work.build_dir(), work.inputs_dir(), work.reports_dir()}) {
    if (absl::Status made = MakeDirs(dir); !made.ok()) return made;
  }
  if (absl::Status found = work.FindCache(env); !found.ok()) return found;
  return work;
}

absl::Status WorkDir::Lock() {
  const std::string path = root_ + "/lock";
  lock_ = ScopedFd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock_.valid()) return absl::ErrnoToStatus(errno, fmt::format("making {}", path));
  if (flock(lock_.get(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError(fmt::format("another run uses the work directory {}", root_));
  }
  return absl::OkStatus();  // a file system without locks
}

absl::Status WorkDir::FindCache(const Environment& env) {
  absl::StatusOr<std::string> cache = PersistentCache(env);
  if (cache.ok()) {
    cache_dir_ = *std::move(cache);
    return absl::OkStatus();
  }
  cache_note_ = std::string(cache.status().message());
  cache_dir_ = root_ + "/cache";
  return MakeDirs(cache_dir_);
}

absl::StatusOr<std::string> WorkDir::NewTargetDir() {
  for (;;) {
    std::string dir = fmt::format("{}/target/{:06}", root_, ++target_dirs_);
    std::error_code error;
    if (fs::exists(fs::symlink_status(dir, error))) continue;  // of an earlier run in a kept directory
    if (absl::Status made = MakeDirs(dir, 0700); !made.ok()) return made;
    return dir;
  }
}

absl::Status CheckFreeSpace(const std::string& path, uint64_t needed_bytes) {
  struct statvfs disk;
  if (statvfs(path.c_str(), &disk) != 0)
    return absl::ErrnoToStatus(errno, fmt::format("the disk of {}", path));
  if (disk.f_blocks == 0) return absl::OkStatus();  // some file systems do not say
  const uint64_t free_bytes = (geteuid() == 0 ? disk.f_bfree : disk.f_bavail) * disk.f_frsize;
  if (free_bytes >= needed_bytes) return absl::OkStatus();
  return absl::ResourceExhaustedError(fmt::format("the disk of {} has {} MiB left, {} MiB are needed", path,
                                                  free_bytes >> 20, needed_bytes >> 20));
}

absl::Status WriteFile(const std::string& path, std::string_view contents) {
  std::string draft = path + ".XXXXXX";
  auto failed = [&] { return absl::ErrnoToStatus(errno, fmt::format("writing {}", path)); };
  ScopedFd fd(mkostemp(draft.data(), O_CLOEXEC));
  if (!fd.valid()) return failed();
  auto give_up = [&] {
    absl::Status status = failed();
    unlink(draft.c_str());
    return status;
  };
  const mode_t mask = umask(0);
  umask(mask);
  if (fchmod(fd.get(), 0666 & ~mask) != 0) return give_up();
  while (!contents.empty()) {
    const ssize_t written = write(fd.get(), contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return give_up();
    contents.remove_prefix(static_cast<size_t>(written));
  }
  if (close(fd.Release()) != 0 || rename(draft.c_str(), path.c_str()) != 0) return give_up();
  return absl::OkStatus();
}

}  // namespace goleakstress::target
