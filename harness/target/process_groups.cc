#include "harness/target/process_groups.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

namespace goleakstress::target {
namespace {

std::array<std::atomic<pid_t>, 256> groups;  // 0: free
std::atomic<bool> ending = false;
static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

void ForgetAll() {
  for (auto& group : groups) group = 0;
}

}  // namespace

ListedGroup::ListedGroup(pid_t group) : slot_(-1) {
  static const int registered = pthread_atfork(nullptr, nullptr, ForgetAll);
  static_cast<void>(registered);
  for (size_t slot = 0; slot < groups.size() && slot_ < 0; ++slot) {
    pid_t none = 0;
    if (groups[slot].compare_exchange_strong(none, group)) slot_ = static_cast<int>(slot);
  }
  if (ending) kill(-group, SIGKILL);
}

ListedGroup::~ListedGroup() {
  if (slot_ >= 0) groups[static_cast<size_t>(slot_)] = 0;
}

void KillListedGroups() {
  const int saved_errno = errno;
  ending = true;
  for (const auto& group : groups) {
    if (const pid_t leader = group.load(); leader > 0) kill(-leader, SIGKILL);
  }
  errno = saved_errno;
}

}  // namespace goleakstress::target
