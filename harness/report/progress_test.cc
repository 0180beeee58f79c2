#include "harness/report/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace goleakstress::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ProgressState Sample(double elapsed) {
  return {.package = "example.com/app/fetch",
          .entry = "FuzzFetch",
          .stage = "confirm",
          .calls = 4512,
          .horizon = 8900,
          .snapshots = 21,
          .goroutines = 41,
          .heap_bytes = 12.1 * 1024 * 1024,
          .entries_done = 0,
          .entries_total = 6,
          .elapsed = elapsed};
}

struct Screen {
  std::vector<std::string> written = {};
  int width = 200;
  Progress Terminal() {
    return Progress([this](std::string_view text) { written.emplace_back(text); }, [this] { return width; });
  }
  Progress Log() {
    return Progress([this](std::string_view text) { written.emplace_back(text); }, nullptr);
  }
};

TEST(ProgressLineTest, TellsEverything) {
  EXPECT_EQ(
      ProgressLine(Sample(90)),
      "goleakstress: 1m30s  1/6 fetch FuzzFetch  confirm  4,512/8,900 calls  21 snapshots  41 goroutines  "
      "heap 12.1 MiB");
  EXPECT_EQ(ProgressLine({.stage = "building example.com/app", .elapsed = 2}),
            "goleakstress: 2s  building example.com/app");
}

TEST(ProgressLineTest, EscapesTheTarget) {
  ProgressState state = Sample(1);
  state.entry = "Fuzz\x1b[2J\r\n";
  EXPECT_THAT(ProgressLine(state), HasSubstr(R"(Fuzz\x1b[2J\r\n)"));
}

TEST(ProgressTest, OnATerminalOneLineIsRewritten) {
  Screen screen;
  Progress progress = screen.Terminal();
  progress.Update(Sample(1));
  progress.Update(Sample(1.05));  // too soon
  ProgressState shorter = Sample(1.06);
  shorter.stage = "hold";  // news: at once
  shorter.horizon = 0;
  progress.Update(shorter);
  progress.Update(Sample(1.2));
  progress.Clear();
  progress.Clear();
  ASSERT_EQ(screen.written.size(), 4U);
  for (const std::string& text : screen.written) {
    EXPECT_EQ(text.front(), '\r');
    EXPECT_THAT(text, Not(HasSubstr("\n")));
  }
  // What was longer is wiped.
  EXPECT_EQ(screen.written[1].size(), screen.written[0].size());
  EXPECT_EQ(screen.written[3], '\r' + std::string(screen.written[2].size() - 1, ' ') + '\r');
}

TEST(ProgressTest, TheLineIsCutToTheTerminal) {
  Screen screen;
  screen.width = 40;
  Progress progress = screen.Terminal();
  progress.Update(Sample(1));
  EXPECT_EQ(screen.written.back().size(), 1U + 39U);
  screen.width = 0;
  progress.Update(Sample(2));
  EXPECT_EQ(screen.written.back().size(), 1U + 39U);  // all spaces but none left of the old line
}

TEST(ProgressTest, ElsewhereEachBuildIsTold) {
  Screen screen;
  Progress progress = screen.Log();
  progress.Update({.stage = "finding packages", .elapsed = 0.1});
  progress.Update({.stage = "building example.com/app", .elapsed = 0.2});
  progress.Update({.stage = "building example.com/app", .elapsed = 3});
  progress.Update({.stage = "building example.com/other", .elapsed = 4});
  ASSERT_EQ(screen.written.size(), 2U);
  EXPECT_EQ(screen.written[0], "goleakstress: 0.2s  building example.com/app\n");
}

TEST(ProgressTest, ElsewhereALineEveryTenSeconds) {
  Screen screen;
  Progress progress = screen.Log();
  for (int second = 0; second <= 25; ++second) progress.Update(Sample(second));
  progress.Clear();
  EXPECT_THAT(screen.written, ElementsAre(ProgressLine(Sample(10)) + "\n", ProgressLine(Sample(20)) + "\n"));
  EXPECT_THAT(screen.written.front(), Not(HasSubstr("\r")));
}

}  // namespace
}  // namespace goleakstress::report
