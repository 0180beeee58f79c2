#include "harness/target/target_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <csignal>

#include "harness/target/testing.h"

namespace goleakstress::target {
namespace {

using testing::HasSubstr;

TargetProcess Start(Spec spec, ScopedFd channel = {}) {
  absl::StatusOr<TargetProcess> process = TargetProcess::Spawn(std::move(spec), std::move(channel));
  if (!process.ok()) ADD_FAILURE() << process.status();
  return *std::move(process);
}

std::string OutputOf(std::vector<std::string> script, ScopedFd channel = {}) {
  TargetProcess process = Start(FakeTarget(std::move(script)), std::move(channel));
  EXPECT_TRUE(process.Wait(kLong).has_value());
  return process.Out().Text() + process.Err().Text();
}

Outcome OutcomeOf(std::vector<std::string> script) {
  TargetProcess process = Start(FakeTarget(std::move(script)));
  return process.Wait(kLong).value_or(Outcome{});
}

// The numbers after "child " in what the process has said, once there are `count`.
std::vector<pid_t> Children(const TargetProcess& process, size_t count) {
  std::vector<pid_t> pids;
  EXPECT_TRUE(Eventually([&] {
    pids.clear();
    const std::string text = process.Out().Text();
    for (size_t at = 0; (at = text.find("child ", at)) != std::string::npos; at += 6) {
      if (text.find('\n', at) != std::string::npos) pids.push_back(std::stoi(text.substr(at + 6)));
    }
    return pids.size() == count;
  }));
  return pids;
}

bool HasChildren() { return waitpid(-1, nullptr, WNOHANG | WUNTRACED) >= 0 || errno != ECHILD; }

TEST(TargetProcess, FirstFdListHoldsThreeWithoutChannel) {
  EXPECT_EQ(OutputOf({"print_fds"}), "fds 0 1 2\nstdin /dev/null\n");
}

TEST(TargetProcess, FirstFdListHoldsFourWithChannelWhateverWeHaveOpen) {
  std::vector<ScopedFd> inheritable;  // without O_CLOEXEC, below and above what the launch opens
  for (int i = 0; i < 40; ++i) inheritable.emplace_back(open("/etc/passwd", O_RDONLY));
  for (int i = 0; i < 40; i += 3) inheritable[static_cast<size_t>(i)].Reset();
  inheritable.emplace_back(fcntl(0, F_DUPFD, 500));
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const ScopedFd ours(pair[0]);
  EXPECT_EQ(OutputOf({"print_fds"}, ScopedFd(pair[1])), "fds 0 1 2 3\nstdin /dev/null\n");
}

TEST(TargetProcess, FirstFdListIsRightWhenOurOwnLowDescriptorsAreClosed) {
  const pid_t child = fork();
  if (child == 0) {
    for (int fd = 0; fd < 10; ++fd) close(fd);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) _exit(1);
    absl::StatusOr<TargetProcess> process =
        TargetProcess::Spawn(FakeTarget({"print_fds", "say=x"}), ScopedFd(pair[1]));
    if (!process.ok() || !process->Wait(kLong)) _exit(2);
    _exit(process->Out().Text() == "fds 0 1 2 3\nstdin /dev/null\nx\n" ? 0 : 3);
  }
  int wait_status = 0;
  ASSERT_EQ(waitpid(child, &wait_status, 0), child);
  EXPECT_EQ(WEXITSTATUS(wait_status), 0);
}

TEST(TargetProcess, OpensNothingForGood) {
  auto count = [] {
    size_t n = 0;
    for (int fd = 0; fd < 1000; ++fd) n += fcntl(fd, F_GETFD) >= 0 ? 1U : 0U;
    return n;
  };
  const size_t before = count();
  OutputOf({"say=x"});
  (void)TargetProcess::Spawn(FakeTarget({}), ScopedFd(open("/dev/null", O_RDONLY)));
  Spec missing = FakeTarget({});
  missing.program = "/no/such/program";
  EXPECT_FALSE(TargetProcess::Spawn(missing).ok());
  EXPECT_EQ(count(), before);
}

TEST(TargetProcess, SignalsAreReset) {
  sigset_t usr1, before;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  sigprocmask(SIG_BLOCK, &usr1, &before);
  const auto old_handler = signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(OutputOf({"print_signals"}), "signals usr1 open pipe default\n");
  signal(SIGPIPE, old_handler);
  sigprocmask(SIG_SETMASK, &before, nullptr);
}

TEST(TargetProcess, EnvironmentAndDirectoryAreThoseGiven) {
  Spec spec = FakeTarget({"print_env=GIVEN", "print_env=HOME", "print_dir"});
  spec.env = {"GIVEN=a b=c"};
  spec.working_dir = "/usr";
  TargetProcess process = Start(spec);
  ASSERT_TRUE(process.Wait(kLong));
  EXPECT_EQ(process.Out().Text(), "GIVEN=a b=c\nHOME=\n/usr\n");
}

TEST(TargetProcess, LimitsAreSet) {
  Spec spec = FakeTarget({"print_limits"});
  spec.limits.open_files = 77;
  TargetProcess process = Start(spec);
  ASSERT_TRUE(process.Wait(kLong));
  EXPECT_THAT(process.Out().Text(), HasSubstr("limits files 77 77 core 0 0"));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they reserve terabytes
TEST(TargetProcess, AddressSpaceLimitEndsInOutOfMemory) {
  Spec spec = FakeTarget({"eat_memory"});
  spec.limits.address_space_bytes = 256 << 20;
  TargetProcess process = Start(spec);
  const std::optional<Outcome> outcome = process.Wait(kLong);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->out_of_memory);
  EXPECT_EQ(outcome->Words(), "exited with code 2, out of memory");
}
#endif

TEST(TargetProcess, OutcomeWords) {
  EXPECT_EQ(OutcomeOf({}).Words(), "exited normally");
  EXPECT_EQ(OutcomeOf({"exit=7"}).Words(), "exited with code 7");
  EXPECT_EQ(OutcomeOf({"abort"}).Words(), "was killed by SIGABRT (Aborted)");
  const Outcome killed = OutcomeOf({"kill_self"});
  EXPECT_EQ(killed.Words(), "was killed by SIGKILL, not by us: probably out of memory");
  EXPECT_TRUE(killed.out_of_memory);
  EXPECT_GT(killed.peak_rss_kib, 0);
  EXPECT_EQ(OutcomeOf({"nonsense"}).exit_code, 121);
}

TEST(TargetProcess, TimeoutHit) {
  TargetProcess process = Start(FakeTarget({"hang"}));
  EXPECT_FALSE(process.Wait(std::chrono::milliseconds(30)));
  EXPECT_FALSE(process.Wait({}));
  EXPECT_TRUE(IsAlive(process.pid()));
}

TEST(TargetProcess, TimeoutNotHit) {
  TargetProcess process = Start(FakeTarget({"sleep=50", "exit=3"}));
  const std::optional<Outcome> outcome = process.Wait(kLong);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->exit_code, 3);
  EXPECT_EQ(process.Wait({})->exit_code, 3);
  EXPECT_EQ(process.Kill().exit_code, 3);
}

TEST(TargetProcess, WaitIsCancelled) {
  TargetProcess process = Start(FakeTarget({"hang"}));
  std::atomic<bool> cancel = false;
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancel = true;
  });
  EXPECT_FALSE(process.Wait(std::chrono::hours(100), &cancel));
  later.join();
}

TEST(TargetProcess, KillAsksFirst) {
  TargetProcess process = Start(FakeTarget({"hang"}));
  EXPECT_EQ(process.Kill(kLong).Words(), "was stopped by us with SIGTERM");
}

TEST(TargetProcess, KillInsists) {
  TargetProcess process = Start(FakeTarget({"ignore_sigterm", "say=deaf", "hang"}));
  ASSERT_TRUE(Eventually([&] { return process.Out().Text() == "deaf\n"; }));
  EXPECT_EQ(process.Kill(std::chrono::milliseconds(50)).Words(), "was stopped by us with SIGKILL");
}

TEST(TargetProcess, KillOnDestruction) {
  pid_t leader = 0;
  std::vector<pid_t> children;
  {
    TargetProcess process = Start(FakeTarget({"ignore_sigterm", "fork_child", "daemon_child", "hang"}));
    leader = process.pid();
    children = Children(process, 2);
    EXPECT_TRUE(IsAlive(children[0]) && IsAlive(children[1]));
    EXPECT_EQ(getpgid(leader), leader);
  }
  EXPECT_FALSE(IsAlive(leader));
  EXPECT_TRUE(Eventually([&] { return !IsAlive(children[0]) && !IsAlive(children[1]); }));
  EXPECT_FALSE(HasChildren());
}

TEST(TargetProcess, GrandchildrenAreKilledWhenTheLeaderExits) {
  TargetProcess process = Start(FakeTarget({"fork_child", "daemon_child", "sleep=50", "exit=0"}));
  ASSERT_TRUE(process.Wait(kLong));
  for (pid_t child : Children(process, 2)) EXPECT_TRUE(Eventually([&] { return !IsAlive(child); }));
  EXPECT_FALSE(HasChildren());
}

TEST(TargetProcess, DiesWithItsParent) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    absl::StatusOr<TargetProcess> process = TargetProcess::Spawn(FakeTarget({"hang"}));
    const pid_t pid = process.ok() ? process->pid() : 0;
    [[maybe_unused]] const ssize_t written = write(pipe_ends[1], &pid, sizeof pid);
    kill(getpid(), SIGKILL);
  }
  pid_t pid = 0;
  ASSERT_EQ(read(pipe_ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  ASSERT_GT(pid, 0);
  waitpid(parent, nullptr, 0);
  EXPECT_TRUE(Eventually([&] { return !IsAlive(pid); }));
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(TargetProcess, OutputIsBoundedAndNeverBlocks) {
  Spec spec = FakeTarget({"say=first", "long_output=3000000", "say=last"});
  spec.keep_head_bytes = 1000;
  spec.keep_tail_bytes = 500;
  TargetProcess process = Start(spec);
  ASSERT_TRUE(process.Wait(kLong));
  const BoundedOutput out = process.Out();
  EXPECT_EQ(out.dropped_bytes(), 3000000U + 11 - 1500);
  EXPECT_TRUE(out.Text().starts_with("first\nxxx"));
  EXPECT_TRUE(out.Text().ends_with("xxx\nlast\n"));
  EXPECT_LT(out.Text().size(), 1600U);
}

TEST(TargetProcess, OutputStreamsAreKeptApart) {
  TargetProcess process = Start(FakeTarget({"say=to out", "say_err=to err"}));
  ASSERT_TRUE(process.Wait(kLong));
  EXPECT_EQ(process.Out().Text(), "to out\n");
  EXPECT_EQ(process.Err().Text(), "to err\n");
}

TEST(TargetProcess, MoveAssignmentEndsTheFormer) {
  TargetProcess process = Start(FakeTarget({"hang"}));
  const pid_t first = process.pid();
  process = Start(FakeTarget({"exit=4"}));
  EXPECT_FALSE(IsAlive(first));
  EXPECT_EQ(process.Wait(kLong)->exit_code, 4);
}

TEST(TargetProcess, BadSpecsAreNamed) {
  Spec spec = FakeTarget({});
  spec.program = "/etc/passwd";
  EXPECT_THAT(std::string(TargetProcess::Spawn(spec).status().message()), HasSubstr("/etc/passwd"));
  spec.program = "no-such-program";
  EXPECT_EQ(TargetProcess::Spawn(spec).status().code(), absl::StatusCode::kNotFound);
  spec = FakeTarget({});
  spec.working_dir = "/no/such/dir";
  EXPECT_THAT(std::string(TargetProcess::Spawn(spec).status().message()),
              HasSubstr("/no/such/dir: No such file or directory"));
  EXPECT_FALSE(HasChildren());
}

TEST(TargetProcess, ExecFailureIsNamedAndLeavesNoZombie) {
  const std::string path = testing::TempDir() + "gls_not_a_program";
  {
    std::ofstream file(path);
    file << "no magic number";
  }
  chmod(path.c_str(), 0755);
  Spec spec = FakeTarget({});
  spec.program = path;
  EXPECT_THAT(std::string(TargetProcess::Spawn(spec).status().message()), HasSubstr("Exec format error"));
  EXPECT_FALSE(HasChildren());
  unlink(path.c_str());
}

}  // namespace
}  // namespace goleakstress::target
