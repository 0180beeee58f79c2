#include "harness/campaign/troubles.h"

#include <gtest/gtest.h>

namespace goleakstress::campaign {
namespace {

using input::Input;
using input::Kind;

Input Text(std::string text) { return {input::TextValue(Kind::kString, std::move(text))}; }

Troubles NewTroubles() {
  EntryJob job;
  job.package = "example.com/m";
  job.program.entry = "FuzzX";
  return Troubles(job);
}

agent::RunDone Panicked(uint64_t index, const std::string& text) {
  agent::RunDone done;
  agent::CallNote* note = done.add_notes();
  note->set_index(index);
  note->set_outcome(agent::OUTCOME_PANICKED);
  note->set_text(text);
  return done;
}

TEST(Troubles, OnePanicIsToldOnceWithItsSmallestInput) {
  Troubles troubles = NewTroubles();
  troubles.AddNotes({Text("a"), Text("long one")}, Panicked(1, "panic: index 8 out of range\n\nstack"), {});
  troubles.AddNotes({Text("bb")}, Panicked(0, "panic: index 2 out of range\n\nstack"), {});
  troubles.AddNotes({Text("c")}, Panicked(0, "panic: nil map\n"), {});
  const auto crashes = troubles.Crashes({});
  ASSERT_EQ(crashes.size(), 2u);
  EXPECT_EQ(crashes[0].what(), "a call panics: index 2 out of range");
  EXPECT_EQ(crashes[0].input(), "go test fuzz v1\nstring(\"bb\")\n");
  EXPECT_EQ(crashes[0].entry(), "FuzzX");
  EXPECT_EQ(crashes[1].what(), "a call panics: nil map");
}

TEST(Troubles, TheLastCallIsTheOneThatHung) {
  Troubles troubles = NewTroubles();
  agent::RunDone done;
  done.set_outcomes(
      std::string{static_cast<char>(agent::OUTCOME_OK), static_cast<char>(agent::OUTCOME_HUNG)});
  troubles.AddNotes({Text("a"), Text("b"), Text("c")}, done, {{.stacks = "goroutine 1 [chan receive]"}});
  const auto crashes = troubles.Crashes({});
  ASSERT_EQ(crashes.size(), 1u);
  EXPECT_EQ(crashes[0].what(), "a call does not return");
  EXPECT_EQ(crashes[0].input(), "go test fuzz v1\nstring(\"b\")\n");
  EXPECT_EQ(crashes[0].text(), "goroutine 1 [chan receive]");
}

TEST(Troubles, AnIndexThatTheTargetMadeUpIsPassedOver) {
  Troubles troubles = NewTroubles();
  troubles.AddNotes({Text("a")}, Panicked(7, "panic: x"), {});
  EXPECT_TRUE(troubles.Crashes({}).empty());
}

TEST(Troubles, ThoseOfOthersCountAsOnesOwn) {
  Troubles mine = NewTroubles(), others = NewTroubles();
  mine.AddNotes({Text("long one")}, Panicked(0, "panic: index 8 out of range\n"), {});
  others.AddNotes({Text("a")}, Panicked(0, "panic: nil map\n"), {});
  others.AddNotes({Text("bb")}, Panicked(0, "panic: index 2 out of range\n"), {});
  mine.Add(others);
  const auto crashes = mine.Crashes({});
  ASSERT_EQ(crashes.size(), 2u);
  EXPECT_EQ(crashes[0].input(), "go test fuzz v1\nstring(\"bb\")\n");
  EXPECT_EQ(crashes[1].what(), "a call panics: nil map");
}

TEST(Troubles, ThereAreNotMoreThanAReportBears) {
  Troubles troubles = NewTroubles();
  for (char c = 'a'; c <= 'z'; ++c) {
    troubles.AddNotes({Text("x")}, Panicked(0, std::string("panic: ") + c), {});
  }
  EXPECT_EQ(troubles.Crashes({}).size(), 16u);
}

}  // namespace
}  // namespace goleakstress::campaign
