#include "harness/target/stray_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <memory>

#include "harness/target/scoped_fd.h"

namespace goleakstress::target {
namespace {

constexpr int kMostRounds = 20;
constexpr size_t kLongestEnvironment = 4 << 20;

std::string ReadEnvironment(pid_t pid) {
  std::string env;
  const ScopedFd fd(open(fmt::format("/proc/{}/environ", pid).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return env;
  char chunk[16 << 10];
  ssize_t got = 0;
  while (env.size() < kLongestEnvironment && (got = read(fd.get(), chunk, sizeof chunk)) > 0) {
    env.append(chunk, static_cast<size_t>(got));
  }
  return env;
}

// The handle is taken before the environment is read, so that a recycled number cannot be hit.
bool KillIfMarked(pid_t pid, const std::string& entry) {
  const ScopedFd handle(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!handle.valid() || ReadEnvironment(pid).find(entry) == std::string::npos) return false;
  return syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0) == 0;
}

int KillMarkedOnce(const std::string& entry) {
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(opendir("/proc"), closedir);
  if (!proc) return 0;
  int killed = 0;
  while (const dirent* item = readdir(proc.get())) {
    const std::string_view name = item->d_name;
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || end != name.data() + name.size() || pid == getpid()) continue;
    if (KillIfMarked(pid, entry)) ++killed;
  }
  return killed;
}

}  // namespace

std::string MarkerPrefix() {
  // Process numbers are not unique where containers share /proc.
  static const uint64_t random = [] {
    uint64_t bytes = 0;
    return getrandom(&bytes, sizeof bytes, GRND_NONBLOCK) == sizeof bytes ? bytes : 0;
  }();
  return fmt::format("{:016x}-{}-", random, getpid());
}

std::string NewMarker() {
  static std::atomic<uint64_t> count = 0;
  return fmt::format("{}{}-", MarkerPrefix(), ++count);
}

int KillMarked(std::string_view marker) {
  const std::string entry = fmt::format("{}={}", kMarkerVariable, marker);
  int killed = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    const int now = KillMarkedOnce(entry);
    if (now == 0) break;
    killed += now;
  }
  return killed;
}

}  // namespace goleakstress::target
