#include "harness/target/target_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "harness/target/environment.h"
#include "harness/target/launch.h"
#include "harness/target/output_pump.h"
#include "harness/target/process_groups.h"
#include "harness/target/stray_processes.h"
#include "harness/target/wait.h"

namespace goleakstress::target {

struct TargetProcess::Impl {
  std::unique_ptr<OutputPump> pump;
  std::string marker;
  Launched launched;
  std::optional<ListedGroup> listed;
  bool signalled = false;  // by us
  std::optional<Outcome> outcome;

  // The process has ended but is not reaped: its number, and so its group's, cannot have been given to
  // another.
  void Finish() {
    kill(-launched.pid, SIGKILL);
    KillMarked(marker);
    listed.reset();
    int wait_status = 0;
    rusage usage = {};
    while (wait4(launched.pid, &wait_status, 0, &usage) < 0 && errno == EINTR) {
    }
    pump->Stop();
    outcome = OutcomeFromWaitStatus(wait_status, usage.ru_maxrss, signalled);
    outcome->out_of_memory = GuessOutOfMemory(*outcome, pump->Err().Text());
  }

  // True once the outcome is known.
  bool WaitUntil(Deadline deadline, const std::atomic<bool>* cancel) {
    if (!outcome && WaitFor(launched.pidfd.get(), POLLIN, deadline, cancel) == WaitResult::kReady) Finish();
    return outcome.has_value();
  }

  Outcome Kill(std::chrono::nanoseconds grace) {
    if (WaitUntil(Deadline::min(), nullptr)) return *outcome;
    signalled = true;
    if (grace > grace.zero()) {
      kill(-launched.pid, SIGTERM);
      if (WaitUntil(After(grace), nullptr)) return *outcome;
    }
    kill(-launched.pid, SIGKILL);
    WaitUntil(Deadline::max(), nullptr);
    return *outcome;
  }
};

TargetProcess::TargetProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TargetProcess::TargetProcess(TargetProcess&&) noexcept = default;

TargetProcess& TargetProcess::operator=(TargetProcess&& other) noexcept {
  if (this != &other) {
    if (impl_) impl_->Kill({});
    impl_ = std::move(other.impl_);
  }
  return *this;
}

TargetProcess::~TargetProcess() {
  if (impl_) impl_->Kill({});
}

absl::StatusOr<TargetProcess> TargetProcess::Spawn(Spec spec, ScopedFd channel) {
  absl::StatusOr<std::string> program = FindProgram(spec.program, spec.env);
  if (!program.ok()) return program.status();
  spec.program = *std::move(program);
  struct stat info;
  if (!spec.working_dir.empty() && stat(spec.working_dir.c_str(), &info) != 0) {
    return absl::ErrnoToStatus(errno, fmt::format("working directory {}", spec.working_dir));
  }
  static const int registered = std::atexit(KillAllTargets);
  static_cast<void>(registered);
  auto impl = std::make_unique<Impl>();
  impl->marker = NewMarker();
  SetVariable(spec.env, kMarkerVariable, impl->marker);
  absl::StatusOr<std::unique_ptr<OutputPump>> pump =
      OutputPump::Start(spec.keep_head_bytes, spec.keep_tail_bytes);
  if (!pump.ok()) return pump.status();
  impl->pump = *std::move(pump);
  absl::StatusOr<Launched> launched = Launch(spec, impl->pump->out_fd(), impl->pump->err_fd(), channel.get());
  if (!launched.ok()) return launched.status();
  impl->launched = *std::move(launched);
  impl->listed.emplace(impl->launched.pid);
  impl->pump->CloseWriteEnds();
  return TargetProcess(std::move(impl));
}

void KillAllTargets() {
  KillListedGroups();
  KillMarked(MarkerPrefix());
}

pid_t TargetProcess::pid() const { return impl_->launched.pid; }

std::optional<Outcome> TargetProcess::Wait(std::chrono::nanoseconds limit, const std::atomic<bool>* cancel) {
  impl_->WaitUntil(After(limit), cancel);
  return impl_->outcome;
}

Outcome TargetProcess::Kill(std::chrono::nanoseconds grace) { return impl_->Kill(grace); }

BoundedOutput TargetProcess::Out() const { return impl_->pump->Out(); }
BoundedOutput TargetProcess::Err() const { return impl_->pump->Err(); }

}  // namespace goleakstress::target
