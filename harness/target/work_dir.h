// Where a run keeps its files. The only code that knows the names of what lies directly below the work
// directory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/target/environment.h"
#include "harness/target/scoped_fd.h"
#include "harness/target/temporary_tree.h"

namespace goleakstress::target {

// One work directory, used by one run at a time:
//   build/       overlay, patched files, binaries
//   inputs/      inputs that moved something
//   reports/     profiles, dumps and what else the report points to
//   target/000001, 000002...  what each target process gets as its TMPDIR
//   cache/       in the place of the persistent cache where that cannot be had
//   lock         held while the run lasts
// All paths are absolute. Thread-compatible.
class WorkDir {
 public:
  // With an empty `keep_at`: a new directory goleakstress-XXXXXX, mode 0700, below $TMPDIR or /tmp, that is
  // removed at the end however it comes, short of SIGKILL; those that killed runs have left are removed here.
  // Otherwise the directory `keep_at`, made if need be and kept with all its files. Errors: PermissionDenied,
  // ResourceExhausted (the disk is full or nearly so), FailedPrecondition (another run uses it) and others
  // that mkdir gives, with the path.
  static absl::StatusOr<WorkDir> Create(const std::string& keep_at, const Environment& env);

  const std::string& root() const { return root_; }
  bool kept() const { return !temporary_.has_value(); }
  std::string build_dir() const { return root_ + "/build"; }
  std::string inputs_dir() const { return InputsDirOf(root_); }
  // The same of a work directory that another run may be using.
  static std::string InputsDirOf(const std::string& root) { return root + "/inputs"; }
  std::string reports_dir() const { return root_ + "/reports"; }

  // An empty directory for the next target process. Remove it with RemoveTree once that has ended, unless it
  // is of interest.
  absl::StatusOr<std::string> NewTargetDir();

  // What survives from run to run: $XDG_CACHE_HOME/goleakstress or $HOME/.cache/goleakstress, shared with
  // other runs at the same time. Where it cannot be written: cache/ of this work directory, and cache_note
  // says why.
  const std::string& cache_dir() const { return cache_dir_; }
  const std::string& cache_note() const { return cache_note_; }

 private:
  WorkDir() = default;
  absl::Status Lock();
  absl::Status FindCache(const Environment& env);

  std::string root_;
  std::string cache_dir_;
  std::string cache_note_;
  ScopedFd lock_;
  std::optional<TemporaryTree> temporary_;
  int target_dirs_ = 0;
};

// ResourceExhausted if less than `needed_bytes` are free for us on the disk that holds `path`.
absl::Status CheckFreeSpace(const std::string& path, uint64_t needed_bytes);

// Replaces the file as a whole: readers see the former contents or the new ones. The status names the path;
// ResourceExhausted when the disk is full.
absl::Status WriteFile(const std::string& path, std::string_view contents);

}  // namespace goleakstress::target
