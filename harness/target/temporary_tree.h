// Directories that shall not outlive us.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace goleakstress::target {

// Owns a directory and all below it: removed by the destructor, by std::exit, and by RemoveTemporaryTrees. A
// forked copy of us removes nothing. Thread-compatible.
class TemporaryTree {
 public:
  // Makes a directory with mode 0700 and a name that begins with `prefix`, below `parent`.
  static absl::StatusOr<TemporaryTree> Make(const std::string& parent, const std::string& prefix);

  TemporaryTree(TemporaryTree&& other) noexcept;
  TemporaryTree& operator=(TemporaryTree&& other) noexcept;
  ~TemporaryTree();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryTree(std::string path) : path_(std::move(path)) {}
  void Remove();

  std::string path_;  // empty: moved from
};

// Removes all that exist now, whoever owns them: for the moment before _exit. Thread-safe, not
// async-signal-safe.
void RemoveTemporaryTrees();

}  // namespace goleakstress::target
