#include "harness/target/temporary_tree.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <set>
#include <utility>

#include "harness/target/remove_tree.h"

namespace goleakstress::target {
namespace {

struct List {
  std::mutex mutex;
  std::set<std::string> paths;
  pid_t owner = getpid();
};

// Never destroyed: threads may use it while we exit.
List& TheList() {
  static List& list = *[] {
    auto* made = new List;
    std::atexit(RemoveTemporaryTrees);
    return made;
  }();
  return list;
}

}  // namespace

absl::StatusOr<TemporaryTree> TemporaryTree::Make(const std::string& parent, const std::string& prefix) {
  List& list = TheList();
  std::string path = fmt::format("{}/{}XXXXXX", parent, prefix);
  // Made under the lock, or it would stay if we were told to end before it is listed.
  std::lock_guard lock(list.mutex);
  if (mkdtemp(path.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, fmt::format("making a directory in {}", parent));
  }
  list.paths.insert(path);
  return TemporaryTree(std::move(path));
}

TemporaryTree::TemporaryTree(TemporaryTree&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryTree& TemporaryTree::operator=(TemporaryTree&& other) noexcept {
  if (this != &other) {
    Remove();
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

TemporaryTree::~TemporaryTree() { Remove(); }

void TemporaryTree::Remove() {
  if (path_.empty()) return;
  List& list = TheList();
  {
    std::lock_guard lock(list.mutex);
    if (list.paths.erase(path_) == 0 || list.owner != getpid()) return;
  }
  RemoveTree(path_).IgnoreError();  // there is nobody left to tell
}

void RemoveTemporaryTrees() {
  List& list = TheList();
  std::set<std::string> paths;
  {
    std::lock_guard lock(list.mutex);
    if (list.owner == getpid()) paths.swap(list.paths);
  }
  for (const std::string& path : paths) RemoveTree(path).IgnoreError();
}

}  // namespace goleakstress::target
