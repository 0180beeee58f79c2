// Snapshots of a small Go program with the real toolchain.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "harness/build/builder.h"
#include "harness/build/goroot_mirror.h"
#include "harness/build/overlay.h"
#include "harness/build/run_command_for_test.h"
#include "harness/campaign/snapshot.h"

namespace goleakstress::campaign {
namespace {

constexpr std::chrono::seconds kLimit{60};
constexpr char kGoMod[] = "module example.com/keep\n\ngo 1.23\n";
constexpr char kTest[] = R"(package keep

import "testing"

type node struct {
	next *node
	text [40]byte
}

var (
	all    *node
	recent [3]*[100]byte
	calls  int
)

func TestKeep(t *testing.T) {
	all = &node{next: all}
	if calls++; calls%7 == 0 {
		all = nil
	}
	recent[calls%3] = new([100]byte)
}
)";

class SnapshotGoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string dir = std::filesystem::path(work_.Write("go.mod", kGoMod)).parent_path();
    work_.Write("keep_test.go", kTest);
    const auto real = build::FindGo(build::RunForTest, build::OwnEnvironment(), dir);
    ASSERT_TRUE(real.ok()) << real.status();
    const auto cache =
        build::Cache::Open((std::filesystem::temp_directory_path() / "gls_build_test_cache").string());
    ASSERT_TRUE(cache.ok()) << cache.status();
    const auto mirror = build::MirrorGoroot(*cache, real->goroot, real->version);
    ASSERT_TRUE(mirror.ok()) << mirror.status();
    const build::GoTool tool = build::FromMirror(*real, *mirror);
    const auto overlay = build::WriteOverlay(*cache, tool, build::ProbeSelection());
    ASSERT_TRUE(overlay.ok()) << overlay.status();
    const auto groups = build::GroupPatterns(dir, {"."});
    ASSERT_TRUE(groups.ok()) << groups.status();
    const auto packages = build::ListPackages(build::RunForTest, tool, groups->front(), {}, dir);
    ASSERT_TRUE(packages.ok()) << packages.status();
    const auto built = build::Build(build::RunForTest, *cache, tool, *overlay,
                                    {.package = packages->front(),
                                     .kind = build::BinaryKind::kTest,
                                     .go_dir = groups->front().dir,
                                     .flags = {},
                                     .work_dir = work_.path(),
                                     .user_dir = dir});
    ASSERT_TRUE(built.ok()) << built.status();
    auto session = Session::Start({.binary = built->path,
                                   .working_dir = dir,
                                   .temp_dir = dir,
                                   .kind = agent::ENTRY_TEST,
                                   .entry = "TestKeep",
                                   .user_dirs = {dir}},
                                  Clock::now() + kLimit, nullptr);
    ASSERT_TRUE(session.ok()) << session.status();
    session_ = *std::move(session);
  }

  build::TemporaryDir work_;
  std::unique_ptr<Session> session_;
};

TEST_F(SnapshotGoTest, ChangesOfTheHeapAddUpToTheHeap) {
  SeriesTable table(explain::CodeMap{});
  SnapshotReader reader(*session_, table);
  for (const int calls : {3, 5, 1, 0, 8}) {
    ASSERT_TRUE(session_->Calls({}, calls, Clock::now() + kLimit).ok());
    ASSERT_TRUE(reader.Read(0).ok());
    const auto whole = session_->ReadProfile("heap", kLimit);
    ASSERT_TRUE(whole.ok() && *whole) << whole.status();
    SeriesTable heap(explain::CodeMap{});
    heap.AddHeap(**whole);
    ASSERT_GT(heap.size(), 4u);
    for (const explain::Site& site : heap.sites()) EXPECT_EQ(table.LevelOf(site), heap.LevelOf(site));
    for (const explain::Site& site : table.sites()) {
      if (site.family != explain::Family::kHeap || site.kind == "entries" || site.total) continue;
      EXPECT_EQ(table.LevelOf(site), heap.LevelOf(site)) << KeyOf(site) << " after " << calls << " calls";
    }
  }
}

}  // namespace
}  // namespace goleakstress::campaign
