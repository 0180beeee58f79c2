#include "harness/build/cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "harness/build/files.h"
#include "harness/build/goroot_mirror.h"
#include "harness/build/run_command_for_test.h"

namespace goleakstress::build {
namespace fs = std::filesystem;
namespace {

void MakeOld(const std::string& path, int days) {
  fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(24 * days));
}

TEST(Cache, OldEntriesGoAndUsedOnesStay) {
  const TemporaryDir dir;
  dir.Write("overlay/old/file", "x");
  dir.Write("overlay/young/file", "x");
  MakeOld(dir.path() + "/overlay/old", kCacheDays + 1);
  MakeOld(dir.path() + "/overlay/young", kCacheDays - 1);
  auto cache = Cache::Open(dir.path());
  ASSERT_TRUE(cache.ok()) << cache.status();
  EXPECT_FALSE(fs::exists(dir.path() + "/overlay/old"));
  EXPECT_TRUE(fs::exists(dir.path() + "/overlay/young/file"));
}

TEST(Cache, BinariesUsedLongestAgoGoWhereAllAreTooLarge) {
  const TemporaryDir dir;
  for (const char* name : {"bin/newest", "bin/middle", "bin/oldest", "fuzz/corpus"}) {
    dir.Write(std::string(name) + "/file", "x");
    fs::resize_file(dir.path() + "/" + name + "/file", kCacheBytes / 5 * 2);  // holes
  }
  MakeOld(dir.path() + "/bin/newest", 1);
  MakeOld(dir.path() + "/bin/middle", 2);
  MakeOld(dir.path() + "/bin/oldest", 3);
  MakeOld(dir.path() + "/fuzz/corpus", 4);
  ASSERT_TRUE(Cache::Open(dir.path()).ok());
  EXPECT_TRUE(fs::exists(dir.path() + "/bin/newest"));
  EXPECT_TRUE(fs::exists(dir.path() + "/bin/middle"));
  EXPECT_FALSE(fs::exists(dir.path() + "/bin/oldest"));
  EXPECT_TRUE(fs::exists(dir.path() + "/fuzz/corpus"));
}

TEST(Cache, UsingAnEntryMakesItYoung) {
  const TemporaryDir dir;
  dir.Write("bin/used/file", "x");
  {
    auto cache = Cache::Open(dir.path());
    MakeOld(dir.path() + "/bin/used", 99);
    ASSERT_TRUE(cache->Entry("bin", "used").ok());
  }
  ASSERT_TRUE(Cache::Open(dir.path()).ok());
  EXPECT_TRUE(fs::exists(dir.path() + "/bin/used/file"));
}

TEST(Cache, NothingIsRemovedWhileAnotherRunUsesIt) {
  const TemporaryDir dir;
  auto other = Cache::Open(dir.path());
  ASSERT_TRUE(other.ok()) << other.status();
  dir.Write("bin/old/file", "x");
  MakeOld(dir.path() + "/bin/old", 99);
  ASSERT_TRUE(Cache::Open(dir.path()).ok());
  EXPECT_TRUE(fs::exists(dir.path() + "/bin/old/file"));
}

TEST(Cache, PruningAMirrorLeavesGorootAlone) {
  const TemporaryDir dir, goroot;
  for (const char* file : {"bin/go", "pkg/tool", "src/fmt/print.go"}) goroot.Write(file, "x");
  const auto before = Checksums(goroot.path());
  {
    auto cache = Cache::Open(dir.path());
    auto mirror = MirrorGoroot(*cache, goroot.path(), "go1.26.8");
    ASSERT_TRUE(mirror.ok()) << mirror.status();
    MakeOld(*mirror, 99);
  }
  ASSERT_TRUE(Cache::Open(dir.path()).ok());
  EXPECT_TRUE(fs::is_empty(dir.path() + "/goroot"));
  EXPECT_EQ(Checksums(goroot.path()), before);
}

TEST(Cache, ADirectoryThatCannotBeMadeIsNamed) {
  const TemporaryDir dir;
  dir.Write("file", "x");
  const absl::Status status = Cache::Open(dir.path() + "/file/cache").status();
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(dir.path() + "/file/cache"));
}

TEST(MirrorGoroot, ManyAtOnceGetTheSameWholeMirror) {
  const TemporaryDir dir, goroot;
  for (const char* file : {"bin/go", "pkg/tool", "src/fmt/print.go", "VERSION", "go.env"})
    goroot.Write(file, file);
  auto cache = Cache::Open(dir.path());
  ASSERT_TRUE(cache.ok()) << cache.status();
  std::vector<absl::StatusOr<std::string>> mirrors(4, absl::UnknownError("not run"));
  std::vector<std::thread> threads;
  for (auto& mirror : mirrors) {
    threads.emplace_back([&] { mirror = MirrorGoroot(*cache, goroot.path(), "go1.26.8"); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& mirror : mirrors) {
    ASSERT_TRUE(mirror.ok()) << mirror.status();
    EXPECT_EQ(*mirror, *mirrors[0]);
  }
  EXPECT_EQ(ReadFile(*mirrors[0] + "/src/fmt/print.go").value(), "src/fmt/print.go");
  EXPECT_EQ(ReadFile(*mirrors[0] + "/go.env").value(), "go.env");
  EXPECT_NE(MirrorGoroot(*cache, goroot.path(), "go1.26.9").value(), *mirrors[0]);
}

TEST(MirrorGoroot, AnIncompleteGorootIsRefused) {
  const TemporaryDir dir, goroot;
  goroot.Write("bin/go", "x");
  auto cache = Cache::Open(dir.path());
  EXPECT_THAT(std::string(MirrorGoroot(*cache, goroot.path(), "v").status().message()),
              ::testing::HasSubstr("has no pkg"));
  EXPECT_FALSE(MirrorGoroot(*cache, goroot.path() + "/absent", "v").ok());
}

TEST(WriteFileWhole, LeavesNothingBesideTheFile) {
  const TemporaryDir dir;
  ASSERT_TRUE(WriteFileWhole(dir.path() + "/a", "one").ok());
  ASSERT_TRUE(WriteFileWhole(dir.path() + "/a", "two").ok());
  EXPECT_EQ(ReadFile(dir.path() + "/a").value(), "two");
  EXPECT_FALSE(WriteFileWhole(dir.path() + "/absent/a", "x").ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), {}), 1);
}

}  // namespace
}  // namespace goleakstress::build
