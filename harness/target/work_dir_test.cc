#include "harness/target/work_dir.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utime.h>

#include <filesystem>
#include <fstream>

#include "harness/target/remove_tree.h"

namespace goleakstress::target {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WorkDirTest : public testing::Test {
 protected:
  WorkDirTest()
      : base_(*TemporaryTree::Make(fs::path(testing::TempDir()).parent_path(), "gls_work_dir_test-")) {
    env_ = {"TMPDIR=" + base_.path() + "/tmp", "XDG_CACHE_HOME=" + base_.path() + "/cache"};
    fs::create_directory(base_.path() + "/tmp");
  }

  WorkDir Create(const std::string& keep_at) {
    absl::StatusOr<WorkDir> work = WorkDir::Create(keep_at, env_);
    if (!work.ok()) ADD_FAILURE() << work.status();
    return *std::move(work);
  }

  std::string StatusText(const std::string& keep_at) {
    return std::string(WorkDir::Create(keep_at, env_).status().message());
  }

  bool TmpIsEmpty() const { return fs::is_empty(base_.path() + "/tmp"); }

  TemporaryTree base_;
  Environment env_;
};

TEST_F(WorkDirTest, TemporaryIsPrivateAndRemoved) {
  {
    const WorkDir work = Create("");
    EXPECT_FALSE(work.kept());
    EXPECT_THAT(work.root(), HasSubstr(base_.path() + "/tmp/goleakstress-"));
    struct stat info;
    ASSERT_EQ(stat(work.root().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0700U);
    for (const std::string& dir : {work.build_dir(), work.inputs_dir(), work.reports_dir()}) {
      EXPECT_TRUE(fs::is_directory(dir)) << dir;
    }
  }
  EXPECT_TRUE(TmpIsEmpty());
}

TEST_F(WorkDirTest, TargetDirsAreNewAndPrivate) {
  WorkDir work = Create(base_.path() + "/kept");
  const std::string first = *work.NewTargetDir();
  EXPECT_NE(first, *work.NewTargetDir());
  struct stat info;
  ASSERT_EQ(stat(first.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  EXPECT_TRUE(RemoveTree(first).ok());
  work = Create("");
  const WorkDir again = Create(base_.path() + "/kept");
  EXPECT_TRUE(fs::exists(base_.path() + "/kept/target/000002"));
  EXPECT_TRUE(again.kept());
}

TEST_F(WorkDirTest, KeptStaysAndIsUsedByOneRunAtATime) {
  const std::string dir = base_.path() + "/a/b/../kept/";
  {
    const WorkDir work = Create(dir);
    EXPECT_EQ(work.root(), base_.path() + "/a/kept");
    EXPECT_THAT(StatusText(dir), HasSubstr("another run uses the work directory"));
    ASSERT_TRUE(WriteFile(work.reports_dir() + "/report.txt", "text").ok());
  }
  EXPECT_TRUE(fs::exists(base_.path() + "/a/kept/reports/report.txt"));
  EXPECT_EQ(StatusText(dir), "");
}

TEST_F(WorkDirTest, UnusablePlacesAreNamed) {
  EXPECT_EQ(WorkDir::Create("/proc/gls", env_).status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(WriteFile(base_.path() + "/file", "").ok());
  EXPECT_THAT(StatusText(base_.path() + "/file"), HasSubstr("/file: File exists"));
  EXPECT_THAT(StatusText(base_.path() + "/file/below"), HasSubstr("/file/below: Not a directory"));
  env_.front() += "/missing";
  EXPECT_THAT(StatusText(""), HasSubstr("tmp/missing: No such file or directory"));
}

TEST_F(WorkDirTest, UnwritableIsNamed) {
  const std::string dir = base_.path() + "/unwritable";
  fs::create_directory(dir);
  chmod(dir.c_str(), 0500);
  chmod(base_.path().c_str(), 0755);
  const uid_t before = geteuid();
  ASSERT_TRUE(before != 0 || seteuid(65534) == 0);  // root may write everywhere
  const std::string text = StatusText(dir);
  ASSERT_EQ(seteuid(before), 0);
  EXPECT_THAT(text, HasSubstr("unwritable cannot be used: Permission denied"));
}

TEST_F(WorkDirTest, CacheIsPersistent) {
  std::string cache;
  {
    const WorkDir work = Create("");
    cache = work.cache_dir();
    EXPECT_EQ(cache, base_.path() + "/cache/goleakstress");
    EXPECT_EQ(work.cache_note(), "");
  }
  EXPECT_TRUE(fs::is_directory(cache));
  env_.back() = "HOME=" + base_.path() + "/home";
  EXPECT_EQ(Create("").cache_dir(), base_.path() + "/home/.cache/goleakstress");
}

TEST_F(WorkDirTest, CacheFallsBackIntoTheWorkDirectory) {
  env_.back() = "XDG_CACHE_HOME=/proc/gls";
  const WorkDir work = Create("");
  EXPECT_EQ(work.cache_dir(), work.root() + "/cache");
  EXPECT_TRUE(fs::is_directory(work.cache_dir()));
  EXPECT_THAT(work.cache_note(), HasSubstr("/proc/gls"));
  env_.pop_back();
  EXPECT_THAT(Create("").cache_note(), HasSubstr("neither XDG_CACHE_HOME nor HOME"));
}

TEST_F(WorkDirTest, WhatKilledRunsLeftIsRemovedButNotWhatIsInUse) {
  const std::string stale = base_.path() + "/tmp/goleakstress-stale";
  fs::create_directories(stale + "/build");
  ASSERT_TRUE(WriteFile(stale + "/lock", "").ok());
  const std::string foreign = base_.path() + "/tmp/goleakstress-foreign";  // without lock: not ours
  fs::create_directory(foreign);
  const WorkDir in_use = Create("");
  EXPECT_TRUE(fs::exists(stale)) << "too young to be called stale";
  const utimbuf long_ago = {1000, 1000};
  for (const std::string& dir : {stale, in_use.root()})
    ASSERT_EQ(utime((dir + "/lock").c_str(), &long_ago), 0);
  const WorkDir another = Create("");
  EXPECT_FALSE(fs::exists(stale));
  EXPECT_TRUE(fs::exists(in_use.root()));
  EXPECT_TRUE(fs::exists(foreign));
}

TEST_F(WorkDirTest, RemovedAtExitButNotByAForkedCopy) {
  const WorkDir ours = Create("");
  const pid_t copy = fork();
  if (copy == 0) {
    RemoveTemporaryTrees();
    _exit(0);
  }
  waitpid(copy, nullptr, 0);
  EXPECT_TRUE(fs::exists(ours.root()));
  RemoveTemporaryTrees();
  EXPECT_FALSE(fs::exists(ours.root()));
}

TEST_F(WorkDirTest, FreeSpaceIsChecked) {
  EXPECT_TRUE(CheckFreeSpace(base_.path(), 1).ok());
  const absl::Status full = CheckFreeSpace(base_.path(), uint64_t{1} << 62);
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(full.message()), HasSubstr("MiB are needed"));
}

TEST_F(WorkDirTest, WriteFileReplacesWholeAndLeavesNoDraft) {
  const std::string dir = base_.path() + "/tmp";
  ASSERT_TRUE(WriteFile(dir + "/f", "old, longer").ok());
  ASSERT_TRUE(WriteFile(dir + "/f", "new").ok());
  std::string contents;
  std::getline(std::ifstream(dir + "/f"), contents);
  EXPECT_EQ(contents, "new");
  fs::create_directory(dir + "/d");
  EXPECT_THAT(std::string(WriteFile(dir + "/d", "x").message()), HasSubstr("/d: Is a directory"));
  EXPECT_THAT(std::string(WriteFile(dir + "/no/f", "x").message()), HasSubstr("No such file or directory"));
  EXPECT_EQ(std::distance(fs::directory_iterator(dir), fs::directory_iterator()), 2);
}

TEST_F(WorkDirTest, RemoveTreeTakesReadOnlyDirectoriesAndFollowsNoLink) {
  const std::string outside = base_.path() + "/outside";
  const std::string tree = base_.path() + "/tree";
  fs::create_directories(outside);
  fs::create_directories(tree + "/a/b/c");
  ASSERT_TRUE(WriteFile(outside + "/precious", "").ok());
  ASSERT_TRUE(WriteFile(tree + "/a/b/c/file", "").ok());
  fs::create_directory_symlink(outside, tree + "/a/link");
  chmod(outside.c_str(), 0500);
  for (const char* dir : {"/a/b/c", "/a/b", "/a"}) chmod((tree + dir).c_str(), 0);
  EXPECT_TRUE(RemoveTree(tree).ok());
  EXPECT_FALSE(fs::exists(tree));
  struct stat info;
  ASSERT_EQ(stat(outside.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0500U);
  EXPECT_TRUE(RemoveTree(tree).ok());
}

}  // namespace
}  // namespace goleakstress::target
