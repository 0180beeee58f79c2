#include "harness/explain/runners.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace goleakstress::explain {
namespace {

using Names = std::set<std::string, std::less<>>;

const CodeMap kCode = {.user_dirs = {"/src/app"}, .goroots = {"/go"}};

constexpr char kSource[] = R"(package app

func Go(f func()) {
	go func() {
		f()
	}()
}

func First() {
	Go(func() {
		select {}
	})
}

func Second() {
	Go(wait)
}

func Third(s *server) {
	go s.loop()
}

func wait() { select {} }

func Fourth(f func()) { Go(f) }

func loop() {
	select {}
}
)";

Frame At(const std::string& function, int line) { return {"app." + function, "/src/app/app.go", line}; }

Names Runners(const Stack& stack, const Stack& creators) {
  return RunnersOf(stack, creators, kCode, [](const std::string&) { return std::string(kSource); });
}

TEST(Runners, WhoWroteTheClosureThatAGoroutineRunsIsNotWhoStartsIt) {
  EXPECT_EQ(
      Runners({At("First.func1", 11), At("Go.func1", 5)}, {At("Go", 4), At("First", 10), At("TestX", 3)}),
      Names{"app.Go"});
}

TEST(Runners, AllBetweenTheGoStatementAndWhoWroteItHandItOn) {
  EXPECT_EQ(
      Runners({At("First.func1", 11)}, {At("(*Pool).start", 4), At("(*Pool).Submit", 30), At("First", 10)}),
      (Names{"app.(*Pool).start", "app.(*Pool).Submit"}));
}

TEST(Runners, AFunctionThatTheCallDoesNotNameWasHandedByWhoNamesIt) {
  EXPECT_EQ(Runners({At("wait", 23), At("Go.func1", 5)}, {At("Go", 4), At("Second", 16), At("TestX", 3)}),
            Names{"app.Go"});
}

TEST(Runners, AFunctionOfOneLineNamesNothingOfTheNext) {
  EXPECT_EQ(Runners({At("loop", 28), At("Go.func1", 5)}, {At("Go", 4), At("Fourth", 25), At("TestX", 3)}),
            Names{});
}

TEST(Runners, WhoRunsItsOwnCodeIsNone) {
  EXPECT_EQ(Runners({At("Go.func1", 5)}, {At("Go", 4), At("First", 10)}), Names{});
  EXPECT_EQ(Runners({At("(*server).loop", 40)}, {At("Third", 20), At("Second", 16)}), Names{});
  EXPECT_EQ(Runners({At("(*server).recv", 50), At("(*server).loop", 40)}, {At("Third", 20), At("First", 10)}),
            Names{});
}

TEST(Runners, ACallbackFromAnotherGoroutineMakesNone) {
  // The test set the callback; a loop of the server's own started the goroutine that runs it.
  EXPECT_EQ(Runners({At("First.func1", 11), At("(*server).deliver.func1", 60)},
                    {At("(*server).deliver", 59), At("(*server).loop", 40)}),
            Names{});
}

TEST(Runners, WhatATestHandsOverIsItsFaultWhereItWaitsInTheTest) {
  const Frame test = {"app.TestX", "/src/app/app_test.go", 3};
  const Frame closure = {"app.TestX.func1", "/src/app/app_test.go", 4};
  EXPECT_EQ(Runners({At("(*Journal).Rename", 40), closure, At("Go.func1", 5)}, {At("Go", 4), test}), Names{});
  EXPECT_EQ(Runners({closure, At("Go.func1", 5)}, {At("Go", 4), test}), Names{"app.Go"});
}

TEST(Runners, NothingIsKnownWithoutCreatorsOrText) {
  EXPECT_EQ(Runners({At("First.func1", 11)}, {}), Names{});
  EXPECT_EQ(RunnersOf({At("wait", 23), At("Go.func1", 5)}, Stack{At("Go", 4), At("Second", 16)}, kCode, {}),
            Names{});
}

}  // namespace
}  // namespace goleakstress::explain
