#include "harness/explain/findings.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace goleakstress::explain {
namespace {

const CodeMap kCode = {.user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"};

Frame User(const std::string& function, int line) { return {"app." + function, "/src/app/app.go", line}; }

// The finding of one goroutine that Start leaks, as the entry with these frames sees it.
report::Finding LeakSeenBy(const std::string& entry, const std::vector<std::string>& entry_frames) {
  EntryContext context;
  context.entry = entry;
  GrowingSite grown;
  grown.site = {.family = Family::kGoroutine, .stack = {User("Start.func1", 29)}};
  grown.verdict = "leak";
  grown.driver = grown.factor = "call";
  GoroutineDetail detail;
  detail.creators = {User("Start", 28), User("(*Fetch).Load", 12)};
  for (const std::string& function : entry_frames) detail.creators.push_back(User(function, 9));
  detail.direct = detail.creators.size();
  const auto findings = MakeFindings(context, {grown}, {detail}, kCode);
  EXPECT_EQ(findings.size(), 1u);
  return findings.empty() ? report::Finding() : findings.front();
}

TEST(Findings, OneLeakHasOneSignatureWhicheverEntrySeesIt) {
  const auto by_test = LeakSeenBy("TestFetch", {"TestFetch"});
  const auto by_fuzz = LeakSeenBy("FuzzFetch", {"FuzzFetch.func1", "FuzzFetch"});
  EXPECT_EQ(by_test.signature(), by_fuzz.signature());
  EXPECT_EQ(by_test.culprit().function(), "app.Start");
}

TEST(Findings, ALeakOfTheEntryItselfKeepsAFrame) {
  EXPECT_NE(SignatureOf("cache", {User("TestA", 1)}), SignatureOf("cache", {User("TestB", 1)}));
}

TEST(Findings, SignaturesIgnoreLinesAndClosureNumbers) {
  EXPECT_EQ(SignatureOf("goroutine", {User("Start.func1", 29)}),
            SignatureOf("goroutine", {User("Start.func2.1", 40)}));
  EXPECT_NE(SignatureOf("goroutine", {User("Start", 1)}), SignatureOf("cache", {User("Start", 1)}));
}

}  // namespace
}  // namespace goleakstress::explain
