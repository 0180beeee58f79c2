#include "harness/target/launch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>

// Boost.Process 1.81 does not include all that it uses: the order matters.
// clang-format off
#define BOOST_PROCESS_USE_STD_FS 1
#include <boost/asio/io_context.hpp>
#include <boost/optional.hpp>
#include <boost/type_traits.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/posix/detail/close_handles.ipp>
#include <boost/process/v2/process.hpp>
// clang-format on

namespace goleakstress::target {
namespace {

namespace process = boost::process::v2;
using boost::system::error_code;

constexpr int kChannelFd = 3;

error_code LastError() { return error_code(errno, boost::system::system_category()); }

bool LowerLimit(decltype(RLIMIT_CORE) resource, uint64_t value) {
  rlimit limit;
  if (getrlimit(resource, &limit) != 0) return false;
  limit.rlim_max = std::min<rlim_t>(limit.rlim_max, value);
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(resource, &limit) == 0;
}

// Signals that we ignore stay ignored across exec, and so does the mask.
bool ResetSignals() {
  for (int number = 1; number < NSIG; ++number) std::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
}

// When memory runs out the kernel shall choose the target, not us. Best effort.
void OfferToOutOfMemoryKiller() {
  const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t written = write(fd, "500", 3);
  close(fd);
}

// Boost's hook into the launch. Between fork and exec only system calls are made.
struct ChildSetup {
  const Spec& spec;
  int null_fd;
  int out_fd;
  int err_fd;
  int channel_fd;
  pid_t parent;

  error_code on_setup(process::posix::default_launcher& launcher, const std::filesystem::path&,
                      const char* const*) {
    if (channel_fd >= 0) launcher.fd_whitelist.push_back(kChannelFd);
    return {};
  }

  error_code on_exec_setup(process::posix::default_launcher&, const std::filesystem::path&,
                           const char* const*) {
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return LastError();
    if (getppid() != parent) _exit(127);  // it died before we asked to die with it
    if (!ResetSignals()) return LastError();
    OfferToOutOfMemoryKiller();
    if (dup2(null_fd, 0) < 0 || dup2(out_fd, 1) < 0 || dup2(err_fd, 2) < 0) return LastError();
    if (channel_fd >= 0 && dup2(channel_fd, kChannelFd) < 0) return LastError();
    // Boost 1.81 compares each descriptor of its white list with itself and so closes only those above the
    // highest.
    const unsigned first_unwanted = channel_fd >= 0 ? kChannelFd + 1 : kChannelFd;
    if (close_range(first_unwanted, ~0U, CLOSE_RANGE_CLOEXEC) != 0) return LastError();
    if (!spec.working_dir.empty() && chdir(spec.working_dir.c_str()) != 0) return LastError();
    const Limits& limits = spec.limits;
    if (!LowerLimit(RLIMIT_CORE, 0)) return LastError();
    if (limits.open_files > 0 && !LowerLimit(RLIMIT_NOFILE, limits.open_files)) return LastError();
    if (limits.address_space_bytes > 0 && !LowerLimit(RLIMIT_AS, limits.address_space_bytes))
      return LastError();
    return {};
  }

  // Boost would call exit, which runs our own atexit handlers and flushes our buffers a second time.
  void on_exec_error(process::posix::default_launcher&, const std::filesystem::path&, const char* const*,
                     const error_code& = {}) {
    _exit(127);
  }
};

// Occupies the descriptors up to 3 that are free, so that neither ours nor the pipe that Boost makes lands
// where the child's are put.
std::vector<ScopedFd> OccupyLowDescriptors(ScopedFd& null_fd) {
  std::vector<ScopedFd> low;
  for (;;) {
    ScopedFd fd(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!fd.valid() || fd.get() > kChannelFd) {
      null_fd = std::move(fd);
      return low;
    }
    low.push_back(std::move(fd));
  }
}

// Descriptors below 4 would be overwritten while the child's are put in place.
absl::StatusOr<ScopedFd> RaiseAboveLow(int fd) {
  ScopedFd raised(fcntl(fd, F_DUPFD_CLOEXEC, kChannelFd + 1));
  if (!raised.valid()) return absl::ErrnoToStatus(errno, "duplicating a descriptor");
  return raised;
}

void Reap(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

absl::StatusOr<Launched> Launch(const Spec& spec, int out_fd, int err_fd, int channel_fd) {
  ScopedFd null_fd;
  const std::vector<ScopedFd> low = OccupyLowDescriptors(null_fd);
  if (!null_fd.valid()) return absl::ErrnoToStatus(errno, "opening /dev/null");
  absl::StatusOr<ScopedFd> out = RaiseAboveLow(out_fd);
  if (!out.ok()) return out.status();
  absl::StatusOr<ScopedFd> err = RaiseAboveLow(err_fd);
  if (!err.ok()) return err.status();
  absl::StatusOr<ScopedFd> channel = channel_fd < 0 ? ScopedFd() : RaiseAboveLow(channel_fd);
  if (!channel.ok()) return channel.status();

  std::vector<const char*> env;
  for (const std::string& entry : spec.env) env.push_back(entry.c_str());
  env.push_back(nullptr);
  ChildSetup setup{spec, null_fd.get(), out->get(), err->get(), channel->get(), getpid()};
  process::posix::default_launcher launcher;
  launcher.env = env.data();
  try {
    boost::asio::io_context context;
    error_code error;
    auto child = launcher(context.get_executor(), error, spec.program, spec.args, setup);
    if (error) {
      if (launcher.pid > 0) Reap(launcher.pid);
      return absl::ErrnoToStatus(
          error.value(),
          fmt::format("starting {} in {}", spec.program, spec.working_dir.empty() ? "." : spec.working_dir));
    }
    // We wait by pidfd ourselves: Boost's object would hold an epoll set per child and kills the leader only.
    Launched launched{child.id(), ScopedFd(static_cast<int>(syscall(SYS_pidfd_open, child.id(), 0)))};
    if (!launched.pidfd.valid()) return absl::ErrnoToStatus(errno, "pidfd_open");  // `child` ends the process
    child.detach();
    return launched;
  } catch (const std::exception& failure) {
    if (launcher.pid > 0) {
      kill(-launcher.pid, SIGKILL);
      Reap(launcher.pid);
    }
    return absl::ResourceExhaustedError(fmt::format("starting {}: {}", spec.program, failure.what()));
  }
}

}  // namespace goleakstress::target
