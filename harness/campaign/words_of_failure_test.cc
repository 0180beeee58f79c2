#include "harness/campaign/words_of_failure.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::campaign {
namespace {

CallTally Noted(agent::Outcome outcome, const std::string& text) {
  CallTally tally;
  agent::CallNote& note = tally.notes.emplace_back();
  note.set_outcome(outcome);
  note.set_text(text);
  return tally;
}

TEST(WordsOfFailure, ComeFromTheNotesOrElseFromWhatWasPrintedLast) {
  const std::string printed =
      "a.go:1: hello\n--- FAIL: TestA (0.00s)\n    a_test.go:7: first\n--- FAIL: TestA (0.01s)\n"
      "    a_test.go:9: second\n    more\n";
  EXPECT_EQ(WordsOfFailure(CallTally(), printed), "a_test.go:9: second");
  EXPECT_EQ(WordsOfFailure(Noted(agent::OUTCOME_FAILED, "the test failed: see its output"), printed),
            "a_test.go:9: second");
  EXPECT_EQ(
      WordsOfFailure(Noted(agent::OUTCOME_FAILED, "    --- FAIL: FuzzA\n        f_test.go:3: no\n"), printed),
      "f_test.go:3: no");
}

// As testify's are.
TEST(WordsOfFailure, OfAMessageThatBeginsWithALineBreakAreInTheLinesBelow) {
  const std::string printed =
      "--- FAIL: TestA (0.00s)\n    x_test.go:15: \n        \tError Trace:\t/src/x_test.go:15\n"
      "        \tError:      \tReceived unexpected error:\n\n        \t            \tno connection\n"
      "    x_test.go:16: another\n";
  EXPECT_EQ(WordsOfFailure(CallTally(), printed),
            "x_test.go:15: Error: Received unexpected error: no connection");
  EXPECT_EQ(WordsOfFailure(CallTally(), "--- FAIL: TestA\n    x.go:1:\n    x.go:2: b\n"), "x.go:1:");
}

TEST(WordsOfFailure, OfAPanicTellItsFirstFrameOutsideOfGo) {
  const std::string text =
      "assignment to entry in nil map\ngoroutine 9 "
      "[running]:\nruntime/debug.Stack()\n\t/go/src/runtime/debug/"
      "stack.go:26 +0x5e\ntesting.tRunner.func1.2({0x5c, 0x7a})\n\t/go/src/testing/testing.go:1931 +0x3b\n"
      "testing.tRunner.func1()\n\t/go/src/testing/testing.go:1934 +0x1\npanic({0x5c?, 0x7a?})\n"
      "\t/go/src/runtime/panic.go:783 +0x132\nruntime.goPanicIndex(0x1)\n\t/go/src/runtime/panic.go:7\n"
      "p.TestPanics(0xc0)\n\t/src/p/x_test.go:16 +0xa5\ntesting.tRunner(0xc0, 0x6)\n";
  const std::string printed = "--- FAIL: TestPanics\npanic: x\n\t/go/src/testing/testing.go:1931 +0x3b\n";
  EXPECT_EQ(WordsOfFailure(Noted(agent::OUTCOME_PANICKED, text), printed),
            "x_test.go:16: panic: assignment to entry in nil map");
  EXPECT_EQ(WordsOfFailure(Noted(agent::OUTCOME_PANICKED, "no"), ""), "panic: no");
}

TEST(WordsOfFailure, OfAProgramThatExitsAreWhatItPrintedLast) {
  CallTally tally;
  tally.outcomes[agent::OUTCOME_EXITED] = 1;
  EXPECT_EQ(WordsOfFailure(tally, "starting\n  listen tcp :25: permission denied \n\n"),
            "listen tcp :25: permission denied");
  EXPECT_EQ(WordsOfFailure(tally, "a\nno flag -x\nUsage:\n  -a\nno flag -x\nUsage:\n  -a\n"),
            "no flag -x ... -a");
  EXPECT_EQ(WordsOfFailure(tally, "no\nno\n"), "no");
  EXPECT_EQ(WordsOfFailure(tally, ""), "");
}

TEST(WordsOfFailure, NothingIsMadeUp) {
  EXPECT_EQ(WordsOfFailure(CallTally(), ""), "");
  EXPECT_EQ(WordsOfFailure(CallTally(), "a.go:1: hello\n"), "");
  EXPECT_EQ(WordsOfFailure(CallTally(), "--- FAIL: TestA"), "");
  EXPECT_EQ(WordsOfFailure(CallTally(), "--- FAIL: TestA\n    x.go:1: " + std::string(5000, 'x')).size(),
            200u);
}

}  // namespace
}  // namespace goleakstress::campaign
