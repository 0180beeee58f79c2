// The process groups that we have started and not yet ended, for the moment when we are told to stop at once.
#pragma once

#include <sys/types.h>

namespace goleakstress::target {

// Keeps one group on the list while it lives. At most 256 at a time; beyond that a group is not listed, and
// only the parent-death signal ends its leader when we end. Thread-safe.
class ListedGroup {
 public:
  explicit ListedGroup(pid_t group);
  ~ListedGroup();
  ListedGroup(const ListedGroup&) = delete;
  ListedGroup& operator=(const ListedGroup&) = delete;

 private:
  int slot_;
};

// Sends SIGKILL to every listed group, and to each that is listed later. A forked copy of us has an empty
// list. Async-signal-safe.
void KillListedGroups();

}  // namespace goleakstress::target
