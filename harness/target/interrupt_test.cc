#include "harness/target/interrupt.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "harness/target/target_process.h"
#include "harness/target/testing.h"
#include "harness/target/work_dir.h"

#if defined(__SANITIZE_THREAD__)
// The harnesses below end by std::exit while they own a target, and so a thread.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }
#endif

namespace goleakstress::target {
namespace {

// A forked harness with one target and one work directory. It says "PID DIR" once these exist.
class Harness {
 public:
  explicit Harness(const std::function<void()>& then) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      InstallInterruptHandlers();
      absl::StatusOr<WorkDir> work = WorkDir::Create("", {"TMPDIR=" + testing::TempDir()});
      absl::StatusOr<TargetProcess> process =
          TargetProcess::Spawn(FakeTarget({"ignore_sigterm", "fork_child", "daemon_child", "hang"}));
      if (!work.ok() || !process.ok()) _exit(1);
      int child = 0, daemon = 0;
      const bool started = Eventually([&] {
        return sscanf(process->Out().Text().c_str(), "child %d\nchild %d\n", &child, &daemon) == 2;
      });
      if (!started) _exit(2);
      dprintf(ends[1], "%d %s %d %d\n", process->pid(), work->root().c_str(), child, daemon);
      then();
      _exit(3);
    }
    close(ends[1]);
    FILE* said = fdopen(ends[0], "r");
    char dir[4096] = {};
    EXPECT_EQ(fscanf(said, "%d %4095s %d %d", &target_, dir, &child_, &daemon_), 4);
    fclose(said);
    dir_ = dir;
  }

  void Signal(int number) const { kill(pid_, number); }

  int ExitCode() const {
    int wait_status = 0;
    waitpid(pid_, &wait_status, 0);
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -WTERMSIG(wait_status);
  }

  void ExpectNothingLeft() const {
    EXPECT_TRUE(Eventually([&] { return !IsAlive(target_) && !IsAlive(child_) && !IsAlive(daemon_); }));
    EXPECT_FALSE(std::filesystem::exists(dir_)) << dir_;
  }

 private:
  pid_t pid_ = 0, target_ = 0, child_ = 0, daemon_ = 0;
  std::string dir_;
};

[[noreturn]] void WaitForEver() {
  for (;;) pause();
}

TEST(Interrupt, FirstSignalOnlySetsTheFlagAndExitCleansUp) {
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    const Harness harness([] {
      while (!Interrupted()) usleep(1000);
      std::exit(*InterruptFlag() ? kInterruptedExitCode : 4);
    });
    harness.Signal(number);
    EXPECT_EQ(harness.ExitCode(), kInterruptedExitCode);
    harness.ExpectNothingLeft();
    EXPECT_FALSE(Interrupted());  // not in this process
  }
}

TEST(Interrupt, SecondSignalEndsAllAtOnce) {
  const Harness harness([] {
    while (!Interrupted()) usleep(1000);
    raise(SIGINT);
    WaitForEver();
  });
  harness.Signal(SIGTERM);
  EXPECT_EQ(harness.ExitCode(), kInterruptedExitCode);
  harness.ExpectNothingLeft();
}

TEST(Interrupt, WriteToALeftReaderIsAnError) {
  const Harness harness([] {
    int ends[2];
    if (pipe(ends) != 0) _exit(5);
    close(ends[0]);
    std::exit(write(ends[1], "x", 1) < 0 && errno == EPIPE ? 0 : 6);
  });
  EXPECT_EQ(harness.ExitCode(), 0);
}

}  // namespace
}  // namespace goleakstress::target
