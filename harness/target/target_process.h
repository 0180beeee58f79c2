// One child process, from its start to its reaping.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "harness/target/bounded_output.h"
#include "harness/target/outcome.h"
#include "harness/target/process_spec.h"
#include "harness/target/scoped_fd.h"

namespace goleakstress::target {

// Owns a child and everything that the child starts.
//
// The child leads a process group of its own and has only descriptors 0 (/dev/null), 1, 2 and, if a channel
// was given, 3. Its output is read by a thread into bounded memory, so it never blocks. When it ends, by
// itself or by Kill, what it left behind is killed: its group and all descendants that carry its marker
// variable. Whatever happens, it is reaped; the destructor kills at once.
//
// If we die, the kernel kills the child. It does so too when the *thread* that called Spawn ends: call Spawn
// from a thread that outlives the process.
//
// One thread at a time may call Wait, Kill and the destructor; the other members may be called by any thread.
class TargetProcess {
 public:
  // `channel` becomes descriptor 3 of the child and is closed here. Errors: NotFound, PermissionDenied... of
  // the program or the working directory, ResourceExhausted when there is no descriptor, process or memory
  // left.
  static absl::StatusOr<TargetProcess> Spawn(Spec spec, ScopedFd channel = {});

  TargetProcess(TargetProcess&&) noexcept;
  TargetProcess& operator=(TargetProcess&&) noexcept;
  ~TargetProcess();

  pid_t pid() const;

  // Waits at most `limit` for the process to end. Nothing if it still runs, or once *cancel is true (looked
  // at every 20 ms and after every signal that this thread gets). After the first outcome returns it at once.
  std::optional<Outcome> Wait(std::chrono::nanoseconds limit, const std::atomic<bool>* cancel = nullptr);

  // Ends the process and all that it started: SIGTERM, `grace` to follow it, SIGKILL. Returns the earlier
  // outcome if it had ended already.
  Outcome Kill(std::chrono::nanoseconds grace = std::chrono::seconds(1));

  // What it has written so far; all of it once Wait or Kill gave an outcome.
  BoundedOutput Out() const;
  BoundedOutput Err() const;

 private:
  struct Impl;
  explicit TargetProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Kills every process that was started here and what these have started, before we end ourselves; std::exit
// does so too. The TargetProcess objects are of no use afterwards. Thread-safe, not async-signal-safe.
void KillAllTargets();

}  // namespace goleakstress::target
