#include "collectors/process_stats.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

constexpr int64_t kMegabyte = 1 << 20;

ProcessStats Own(const ProcessStatsOptions& options = {}) {
  return ReadProcessStats(getpid(), options).value();
}

TEST(ProcessStats, SeesMemoryOnceItIsTouched) {
  const ProcessStats before = Own({.pss = true, .mapped = true});
  const size_t size = 64 * kMegabyte;
  void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const ProcessStats mapped = Own({.pss = true, .mapped = true});
  memset(memory, 1, size);
  const ProcessStats touched = Own({.pss = true, .mapped = true});
  munmap(memory, size);
  EXPECT_GE(mapped.vm_bytes - before.vm_bytes, 64 * kMegabyte);
  EXPECT_LT(mapped.rss_bytes - before.rss_bytes, 16 * kMegabyte);
  EXPECT_GE(mapped.mapped->anonymous - before.mapped->anonymous, 64 * kMegabyte);
  EXPECT_GE(touched.rss_bytes - before.rss_bytes, 60 * kMegabyte);
  EXPECT_GE(*touched.pss_bytes - *before.pss_bytes, 60 * kMegabyte);
}

TEST(ProcessStats, ReservedSpaceIsNotMapped) {
  const ProcessStats before = Own({.mapped = true});
  void* const memory = mmap(nullptr, 64 * kMegabyte, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  const ProcessStats after = Own({.mapped = true});
  munmap(memory, 64 * kMegabyte);
  EXPECT_LT(after.mapped->anonymous - before.mapped->anonymous, 16 * kMegabyte);
}

TEST(ProcessStats, ExpensivePartsComeOnRequest) {
  EXPECT_EQ(Own().pss_bytes, std::nullopt);
  EXPECT_FALSE(Own().mapped.has_value());
}

TEST(ProcessStats, CountsThreads) {
  const int64_t before = Own().threads;
  int64_t during = 0;
  std::thread thread([&] { during = Own().threads; });
  thread.join();
  EXPECT_EQ(during, before + 1);
}

TEST(ProcessStats, TellsZombiesFromLivingChildren) {
  const ProcessStats before = Own();
  const pid_t living = fork();
  if (living == 0) {
    pause();
    _exit(0);
  }
  const pid_t dead = fork();
  if (dead == 0) _exit(0);
  siginfo_t info;
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(dead), &info, WEXITED | WNOWAIT), 0);
  const ProcessStats during = Own();
  EXPECT_EQ(ReadProcessStats(dead).value().state, 'Z');
  kill(living, SIGKILL);
  waitpid(living, nullptr, 0);
  waitpid(dead, nullptr, 0);
  EXPECT_EQ(during.children - before.children, 2);
  EXPECT_EQ(during.zombies - before.zombies, 1);
  EXPECT_EQ(Own().children, before.children);
}

TEST(ProcessStats, FindsChildrenOfOtherThreads) {
  const int64_t before = Own().children;
  pid_t child = 0;
  int64_t during = 0;
  std::thread thread([&] {
    child = fork();
    if (child == 0) {
      pause();
      _exit(0);
    }
    during = Own().children;
  });
  thread.join();
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(during, before + 1);
}

TEST(ProcessStats, ReadsTheOpenFileLimit) {
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(Own().open_file_limit, static_cast<int64_t>(limit.rlim_cur));
}

TEST(ProcessStats, MeasuresProcessorTime) {
  const ProcessStats before = Own();
  volatile uint64_t sum = 0;
  while (Own().user_ns + Own().system_ns - before.user_ns - before.system_ns < 20'000'000) {
    for (int i = 0; i < 100'000; ++i) sum = sum + 1;
  }
  EXPECT_GT(sum, 0u);
}

TEST(ProcessStats, ReportsMissingProcesses) {
  const pid_t gone = fork();
  if (gone == 0) _exit(0);
  waitpid(gone, nullptr, 0);
  EXPECT_EQ(ReadProcessStats(gone).status().code(), absl::StatusCode::kNotFound);
}

// What cannot be had from a process of our own.
TEST(ProcessStats, ReadsAStrangeProcess) {
  std::string pattern = std::filesystem::temp_directory_path() / "process_stats_test.XXXXXX";
  const std::string root = mkdtemp(pattern.data());
  std::filesystem::create_directory(root + "/9");
  std::ofstream(root + "/9/stat")
      << "9 (a) R 1) S 1 9 9 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 11 0 100 8192000 3 0\n";
  std::ofstream(root + "/9/limits")
      << "Limit  Soft Limit  Hard Limit  Units\nMax open files  unlimited unlimited files\n";
  std::ofstream(root + "/9/maps")
      << "00400000-00401000 r-xp 00000000 fe:00 99 /bin/with space\n"
         "00500000-00504000 rw-p 00000000 00:00 0          [heap]\n"
         "c000000000-c000400000 rw-p 00000000 00:00 0      [anon: Go: heap]\n"
         "c000400000-c004000000 ---p 00000000 00:00 0      [anon: Go: heap reservation]\n"
         "7f0000000000-7f0000002000 rw-p 00000000 00:00 0 \n"
         "7ffd27016000-7ffd27037000 rw-p 00000000 00:00 0  [stack]\n"
         "broken";
  const absl::StatusOr<ProcessStats> stats = ReadProcessStats(9, {.mapped = true, .proc_root = root});
  std::ofstream(root + "/9/stat") << "9 (short) S 1\n";
  const absl::StatusOr<ProcessStats> cut = ReadProcessStats(9, {.proc_root = root});
  std::filesystem::remove_all(root);
  ASSERT_TRUE(stats.ok()) << stats.status();
  EXPECT_EQ(stats->state, 'S');
  EXPECT_EQ(stats->threads, 11);
  EXPECT_EQ(stats->vm_bytes, 8192000);
  EXPECT_EQ(stats->rss_bytes, 3 * sysconf(_SC_PAGESIZE));
  EXPECT_EQ(stats->user_ns, 2'500'000'000);
  EXPECT_EQ(stats->system_ns, 500'000'000);
  EXPECT_EQ(stats->open_file_limit, std::nullopt);
  EXPECT_EQ(stats->mapped->file, 4096);
  EXPECT_EQ(stats->mapped->brk, 4 * 4096);
  EXPECT_EQ(stats->mapped->go_named, 4 * kMegabyte);
  EXPECT_EQ(stats->mapped->anonymous, 2 * 4096);
  EXPECT_EQ(stats->mapped->other, 33 * 4096);
  EXPECT_FALSE(cut.ok());
}

// Of other processes on a busy machine, it has to wait.
TEST(ProcessStats, WantedTimeIsRunAndWaited) {
  std::string pattern = std::filesystem::temp_directory_path() / "process_stats_test.XXXXXX";
  const std::string root = mkdtemp(pattern.data());
  for (const char* thread : {"9", "10"}) std::filesystem::create_directories(root + "/9/task/" + thread);
  std::ofstream(root + "/9/task/9/schedstat") << "1000 200 3\n";
  std::ofstream(root + "/9/task/10/schedstat") << "30000 4000 5\n";
  EXPECT_EQ(ReadWantedProcessorTime(9, root).value(), 35200);
  EXPECT_EQ(ReadWantedProcessorTime(10, root).status().code(), absl::StatusCode::kNotFound);
  std::filesystem::remove_all(root + "/9/task");
  std::ofstream(root + "/9/stat")
      << "9 (a) R 1 9 9 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 11 0 100 8192000 3 0\n";
  EXPECT_EQ(ReadWantedProcessorTime(9, root).value(), 3'000'000'000) << "the kernel does not tell";
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace goleakstress::collectors
