#include "collectors/goroutine_text.h"

#include <algorithm>
#include <random>

#include "collectors/test_files.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Golden(std::string_view version) {
  return ReadTestFile(fmt::format("corpora/goroutine_text/{}.txt", version));
}

std::string ShowFrame(const Frame& frame) {
  return fmt::format("{} {}:{}", frame.function, frame.file, frame.line);
}

// Everything that was read, for comparing.
std::string Show(const Goroutine& goroutine) {
  std::string text = fmt::format("{} [{}] {} {}{}{}{} parent {}", goroutine.id, goroutine.state,
                                 goroutine.wait_minutes, goroutine.leaked, goroutine.durable,
                                 goroutine.locked_to_thread, goroutine.frames_elided, goroutine.parent_id);
  for (const StringLabel& label : goroutine.labels) text += fmt::format(" {}={}", label.key, label.value);
  for (const Frame& frame : goroutine.frames) text += fmt::format("\n{}", ShowFrame(frame));
  if (goroutine.created_by) text += fmt::format("\nby {}", ShowFrame(*goroutine.created_by));
  for (const Ancestor& ancestor : goroutine.ancestors) {
    text += fmt::format("\nfrom {}", ancestor.id);
    for (const Frame& frame : ancestor.frames) text += fmt::format("\n{}", ShowFrame(frame));
    if (ancestor.created_by) text += fmt::format("\nby {}", ShowFrame(*ancestor.created_by));
  }
  return text;
}

const Goroutine& Started(const GoroutineDump& dump, std::string_view function, size_t labels = 0) {
  for (const Goroutine& goroutine : dump.goroutines) {
    if (!goroutine.frames.empty() && goroutine.frames.back().function == function &&
        goroutine.labels.size() == labels) {
      return goroutine;
    }
  }
  throw std::runtime_error(fmt::format("no goroutine started at {}", function));
}

class GoroutineTextGolden : public testing::TestWithParam<const char*> {};

TEST_P(GoroutineTextGolden, TellsWhatEveryGoroutineWaitsFor) {
  const GoroutineDump dump = ParseGoroutineText(Golden(GetParam()));
  EXPECT_FALSE(dump.cut);
  ASSERT_EQ(dump.goroutines.size(), 21u);
  EXPECT_EQ(dump.goroutines[0].state, "running");
  for (const auto& [function, state] : std::vector<std::pair<std::string_view, std::string_view>>{
           {"main.chanReceive", "chan receive"},
           {"main.chanSend", "chan send"},
           {"main.chanReceiveNil", "chan receive (nil chan)"},
           {"main.selectTwo", "select"},
           {"main.selectNone", "select (no cases)"},
           {"main.mutexLock", "sync.Mutex.Lock"},
           {"main.rwLock", "sync.Mutex.Lock"},
           {"main.rwRLock", "sync.RWMutex.RLock"},
           {"main.condWait", "sync.Cond.Wait"},
           {"main.sleep", "sleep"},
           {"main.lockedThread", "chan receive"},
           {"main.leakedReceive", "chan receive"},
           {"main.ioWait", "IO wait"},
           {"main.inSyscall", "syscall"},
           {"main.(*pool[...]).worker", "chan receive"},
           {"main.drain[...]", "chan receive"}}) {
    const Goroutine& goroutine = Started(dump, function);
    EXPECT_EQ(goroutine.state, state) << function;
    EXPECT_EQ(goroutine.parent_id, 1) << function;
    EXPECT_EQ(goroutine.created_by->function, "main.main") << function;
    EXPECT_EQ(goroutine.created_by->file, "stackmaker/main.go") << function;
    ASSERT_EQ(goroutine.ancestors.size(), 1u) << function;
    EXPECT_EQ(goroutine.ancestors[0].id, 1) << function;
    EXPECT_EQ(goroutine.ancestors[0].created_by, std::nullopt) << function;
    EXPECT_EQ(goroutine.locked_to_thread, function == "main.lockedThread") << function;
  }
  EXPECT_THAT(std::string(Started(dump, "main.groupWait").state),
              testing::AnyOf("semacquire", "sync.WaitGroup.Wait"));
}

TEST_P(GoroutineTextGolden, FollowsTheAncestors) {
  const GoroutineDump dump = ParseGoroutineText(Golden(GetParam()));
  const Goroutine& child = Started(dump, "main.parent.func1");
  EXPECT_EQ(child.frames.front().function, "main.child");
  EXPECT_EQ(child.created_by->function, "main.parent");
  ASSERT_EQ(child.ancestors.size(), 3u);
  EXPECT_EQ(child.ancestors[0].id, child.parent_id);
  EXPECT_EQ(child.ancestors[0].frames.front().function, "main.parent");
  EXPECT_EQ(child.ancestors[0].created_by->function, "main.grandparent");
  EXPECT_EQ(child.ancestors[1].frames.front().function, "main.grandparent");
  EXPECT_EQ(child.ancestors[1].created_by->function, "main.main");
  EXPECT_EQ(child.ancestors[2].id, 1);
  EXPECT_EQ(child.ancestors[2].created_by, std::nullopt);
  EXPECT_EQ(child.created_by->line - child.ancestors[0].created_by->line, 1)
      << "grandparent is the line above";
}

TEST_P(GoroutineTextGolden, NotesElidedFrames) {
  const GoroutineDump dump = ParseGoroutineText(Golden(GetParam()));
  EXPECT_TRUE(Started(dump, "main.deep").frames_elided);
  EXPECT_EQ(Started(dump, "main.deep").frames.size(), 100u);
  EXPECT_FALSE(Started(dump, "main.sleep").frames_elided);
}

// Cutting the text may take from the last goroutine only, whatever the place of the cut.
TEST_P(GoroutineTextGolden, IsReadUpToWhereItIsCut) {
  const std::string text = Golden(GetParam());
  const GoroutineDump whole = ParseGoroutineText(text);
  for (size_t size = 0; size < text.size(); size += size < 4000 ? 1 : 37) {
    const GoroutineDump cut = ParseGoroutineText(text.substr(0, size));
    ASSERT_LE(cut.goroutines.size(), whole.goroutines.size());
    for (size_t i = 0; i < cut.goroutines.size(); ++i) {
      const std::string expected = Show(whole.goroutines[i]);
      if (i + 1 < cut.goroutines.size()) {
        ASSERT_EQ(Show(cut.goroutines[i]), expected) << "cut at " << size;
      } else {
        ASSERT_EQ(cut.goroutines[i].id, whole.goroutines[i].id) << "cut at " << size;
        ASSERT_LE(cut.goroutines[i].frames.size(), whole.goroutines[i].frames.size()) << "cut at " << size;
      }
    }
    const GoroutineDump limited = ParseGoroutineText(text, size);
    ASSERT_EQ(limited.goroutines.size(), cut.goroutines.size());
    ASSERT_TRUE(limited.cut);
  }
}

TEST_P(GoroutineTextGolden, DamageNeverCrashes) {
  const std::string text = Golden(GetParam());
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string damaged = text;
    for (int i = 0; i < 50; ++i) damaged[random() % damaged.size()] = "\n\t []{}():,\"\\09-"[random() % 17];
    const GoroutineDump dump = ParseGoroutineText(damaged);
    for (const Goroutine& goroutine : dump.goroutines) EXPECT_FALSE(Show(goroutine).empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Go, GoroutineTextGolden, testing::Values("go1.23", "go1.25", "go1.26", "go1.27"));

TEST(GoroutineText, ReadsMinutes) {
  const GoroutineDump dump = ParseGoroutineText(Golden("go1.25"));
  EXPECT_EQ(Started(dump, "main.chanReceiveNil").wait_minutes, 2);
  EXPECT_EQ(Started(dump, "main.lockedThread").wait_minutes, 2);
  EXPECT_TRUE(Started(dump, "main.lockedThread").locked_to_thread);
}

TEST(GoroutineText, ReadsTheLeakedMark) {
  for (const char* version : {"go1.26", "go1.27"}) {
    const GoroutineDump dump = ParseGoroutineText(Golden(version));
    EXPECT_TRUE(Started(dump, "main.leakedReceive").leaked) << version;
    EXPECT_FALSE(Started(dump, "main.chanReceive").leaked) << version;
  }
}

TEST(GoroutineText, ReadsLabelsInBothSpellings) {
  for (const char* version : {"go1.26", "go1.27"}) {
    const GoroutineDump dump = ParseGoroutineText(Golden(version));
    EXPECT_THAT(
        Started(dump, "main.chanReceive", 2).labels,
        ElementsAre(StringLabel{"entry", "Fuzz/odd \"name\"]:\n\t\u00e9\x01"}, StringLabel{"inv", "42"}))
        << version;
  }
}

TEST(GoroutineText, ReadsHeadersOfAllKinds) {
  const GoroutineDump dump = ParseGoroutineText(
      "panic: went wrong (really)\n\n"
      "goroutine 1 gp=0xc0000061c0 m=0 mp=0x5e6a40 [running]:\n"
      "panic({0x4a1f60?, 0x4d6c88?})\n\t/go/src/runtime/panic.go:792 +0x132 fp=0xc1 sp=0xc2 pc=0xc3\n"
      "main.main()\n\t/with space/a:b.go:5 +0x20\n\n"
      "goroutine 2 [chan receive (leaked) (scan) (durable), 3 minutes, locked to thread, synctest bubble "
      "4]:\n\n"
      "goroutine 3 [chan send (durable), synctest bubble 5] {a: , \"b c\": \"\\U0001f600\\xff\", d: "
      "e.f/g_h}:\n"
      "\tgoroutine running on other thread; stack unavailable\n"
      "created by main.f in goroutine 1\n\t/a.go:7 +0x1\n\n"
      "goroutine 4 [syscall]:\n"
      "non-Go function at pc=0x7f0000000000\n"
      "runtime.cgocall(0x1)\n\t/cgo.go:1 +0x2\n\n"
      "exit status 2\nmain.not(0x1)\n\t/x.go:1\n");
  ASSERT_EQ(dump.goroutines.size(), 4u);
  EXPECT_EQ(Show(dump.goroutines[0]),
            "1 [running] 0 falsefalsefalsefalse parent 0\npanic /go/src/runtime/panic.go:792\n"
            "main.main /with space/a:b.go:5");
  EXPECT_EQ(Show(dump.goroutines[1]), "2 [chan receive] 3 truetruetruefalse parent 0");
  EXPECT_EQ(dump.goroutines[1].synctest_bubble, 4);
  EXPECT_EQ(
      Show(dump.goroutines[2]),
      "3 [chan send] 0 falsetruefalsefalse parent 1 a= b c=\U0001f600\xff d=e.f/g_h\nby main.f /a.go:7");
  EXPECT_EQ(dump.goroutines[2].synctest_bubble, 5);
  EXPECT_EQ(Show(dump.goroutines[3]),
            "4 [syscall] 0 falsefalsefalsefalse parent 0\nnon-Go function :0\nruntime.cgocall /cgo.go:1");
}

TEST(GoroutineText, IgnoresWhatIsNoGoroutine) {
  for (const char* text :
       {"", "\n\n\n", "no stacks here\n", "goroutine x [running]:\n", "goroutine 1 running:\n",
        "goroutine -1 [running]:\n", "goroutine 1 [running]\n", "goroutine 1 [running:\n"}) {
    EXPECT_THAT(ParseGoroutineText(text).goroutines, IsEmpty()) << text;
  }
}

TEST(GoroutineText, ReadsWhoTookALock) {
  const GoroutineDump dump = ParseGoroutineText(
      "lock of goroutine 12 taken by goroutine 10:\nsync.(*Mutex).Lock(...)\n\t/go/mutex.go:46\n"
      "main.(*T).Load(...)\n\t/t.go:36\n\nlock of goroutine 13 taken by goroutine "
      "x:\nmain.a(...)\n\t/a.go:1\n"
      "lock of goroutine 14 taken by goroutine 14:\n\ngoroutine 12 "
      "[sync.Mutex.Lock]:\nmain.b()\n\t/b.go:2\n");
  ASSERT_EQ(dump.locks.size(), 2u);
  EXPECT_EQ(dump.locks[0].waiter, 12);
  EXPECT_EQ(dump.locks[0].taker, 10);
  EXPECT_THAT(dump.locks[0].frames, ElementsAre(Frame{"sync.(*Mutex).Lock", "/go/mutex.go", 46},
                                                Frame{"main.(*T).Load", "/t.go", 36}));
  EXPECT_EQ(dump.locks[1].waiter, 14);
  EXPECT_THAT(dump.locks[1].frames, IsEmpty());
  ASSERT_EQ(dump.goroutines.size(), 1u);
  EXPECT_THAT(dump.goroutines[0].frames, ElementsAre(Frame{"main.b", "/b.go", 2}));
}

TEST(GoroutineText, ReadsWhichAreLikeAnother) {
  const GoroutineDump dump = ParseGoroutineText(
      "goroutine 12 [like goroutine 9 in goroutine 3]:\n\n"
      "goroutine 9 [select]:\nmain.a()\n\t/a.go:2\ncreated by main.b in goroutine 4\n\t/b.go:1\n\n"
      "goroutine 13 [like goroutine 8 in goroutine 3]:\n\n"
      "goroutine 14 [like goroutine]:\n");
  ASSERT_EQ(dump.alike.size(), 2u);
  EXPECT_EQ(dump.alike[0].id, 12);
  EXPECT_EQ(dump.alike[0].like, 9);
  EXPECT_EQ(dump.alike[0].parent_id, 3);
  ASSERT_EQ(dump.goroutines.size(), 2u);
  EXPECT_EQ(dump.goroutines[0].parent_id, 4);
  EXPECT_EQ(FindGoroutine(dump, 12), &dump.goroutines[0]);
  EXPECT_EQ(FindGoroutine(dump, 9), &dump.goroutines[0]);
  EXPECT_EQ(FindGoroutine(dump, 13), nullptr);
  EXPECT_EQ(FindGoroutine(dump, 7), nullptr);
}

TEST(GoroutineText, ReadsWhoStartedWhatHasEnded) {
  const GoroutineDump dump = ParseGoroutineText(
      "goroutine 0 [started last]:\nlib.loop(...)\n\t/lib.go:9\ncreated by lib.Dial\n\t/lib.go:5\n"
      "[originating from goroutine 0]:\nlib.Dial(...)\n\t/lib.go:5\nmain.F(...)\n\t/f.go:3\n\n"
      "goroutine 9 [select]:\nmain.a()\n\t/a.go:2\n");
  ASSERT_EQ(dump.goroutines.size(), 1u);
  EXPECT_EQ(dump.goroutines[0].id, 9);
  ASSERT_EQ(dump.starts.size(), 1u);
  EXPECT_THAT(dump.starts[0].frames, ElementsAre(Frame{"lib.loop", "/lib.go", 9}));
  EXPECT_EQ(dump.starts[0].created_by, (Frame{"lib.Dial", "/lib.go", 5}));
  ASSERT_EQ(dump.starts[0].ancestors.size(), 1u);
  EXPECT_THAT(dump.starts[0].ancestors[0].frames,
              ElementsAre(Frame{"lib.Dial", "/lib.go", 5}, Frame{"main.F", "/f.go", 3}));
}

TEST(GoroutineText, MayLackOlderOnes) {
  const std::string text = "goroutine 9 [select]:\nmain.a()\n\t/a.go:2\n";
  EXPECT_FALSE(ParseGoroutineText(text).cut);
  EXPECT_TRUE(ParseGoroutineText("older goroutines are left out\n\n" + text).cut);
}

TEST(GoroutineText, CallsWithoutAPlaceAreLeftOut) {
  const GoroutineDump dump = ParseGoroutineText(
      "goroutine 1 [select]:\nmain.a()\nmain.b()\n\t/b.go:2\nmain.c()\n\tno place\nmain.d()\n\t/d.go:x\n");
  EXPECT_THAT(dump.goroutines.at(0).frames, ElementsAre(Frame{"main.b", "/b.go", 2}));
}

}  // namespace
}  // namespace goleakstress::collectors
