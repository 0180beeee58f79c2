#include "harness/campaign/session.h"

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
  EXPECT_EQ(WordsOfFailure(Noted(agent::OUTCOME_PANICKED, "f.go:3: panic"), ""), "");
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
