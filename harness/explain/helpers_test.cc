#include "harness/explain/helpers.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::explain {
namespace {

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

func Safe(f func()) {
	go func() {
		try(f)
	}()
}

func try(f func()) {
	f()
}

func Fifth() {
	Safe(wait)
}
)";

Frame At(const std::string& function, int line) { return {"app." + function, "/src/app/app.go", line}; }

Functions Runners(const Stack& stack, const Stack& creators) {
  return RunnersOf(stack, creators, kCode, [](const std::string&) { return std::string(kSource); });
}

TEST(Runners, WhoWroteTheClosureThatAGoroutineRunsIsNotWhoStartsIt) {
  EXPECT_EQ(
      Runners({At("First.func1", 11), At("Go.func1", 5)}, {At("Go", 4), At("First", 10), At("TestX", 3)}),
      Functions{"app.Go"});
}

TEST(Runners, AllBetweenTheGoStatementAndWhoWroteItHandItOn) {
  EXPECT_EQ(
      Runners({At("First.func1", 11)}, {At("(*Pool).start", 4), At("(*Pool).Submit", 30), At("First", 10)}),
      (Functions{"app.(*Pool).start", "app.(*Pool).Submit"}));
}

TEST(Runners, AFunctionThatTheCallDoesNotNameWasHandedByWhoNamesIt) {
  EXPECT_EQ(Runners({At("wait", 23), At("Go.func1", 5)}, {At("Go", 4), At("Second", 16), At("TestX", 3)}),
            Functions{"app.Go"});
}

TEST(Runners, WhatCatchesPanicsForTheRunnerIsAPartOfIt) {
  EXPECT_EQ(Runners({At("wait", 23), At("try", 38), At("Safe.func1", 33)}, {At("Safe", 32), At("Fifth", 42)}),
            Functions{"app.Safe"});
  EXPECT_EQ(Runners({At("try", 38), At("Safe.func1", 33)}, {At("Safe", 32), At("Fifth", 42)}), Functions());
}

TEST(Runners, AFunctionOfOneLineNamesNothingOfTheNext) {
  EXPECT_EQ(Runners({At("loop", 28), At("Go.func1", 5)}, {At("Go", 4), At("Fourth", 25), At("TestX", 3)}),
            Functions{});
}

TEST(Runners, WhoRunsItsOwnCodeIsNone) {
  EXPECT_EQ(Runners({At("Go.func1", 5)}, {At("Go", 4), At("First", 10)}), Functions{});
  EXPECT_EQ(Runners({At("(*server).loop", 40)}, {At("Third", 20), At("Second", 16)}), Functions{});
  EXPECT_EQ(Runners({At("(*server).recv", 50), At("(*server).loop", 40)}, {At("Third", 20), At("First", 10)}),
            Functions{});
}

TEST(Runners, ACallbackFromAnotherGoroutineMakesNone) {
  // The test set the callback; a loop of the server's own started the goroutine that runs it.
  EXPECT_EQ(Runners({At("First.func1", 11), At("(*server).deliver.func1", 60)},
                    {At("(*server).deliver", 59), At("(*server).loop", 40)}),
            Functions{});
}

TEST(Runners, WhatATestHandsOverIsItsFaultWhereItWaitsInTheTest) {
  const Frame test = {"app.TestX", "/src/app/app_test.go", 3};
  const Frame closure = {"app.TestX.func1", "/src/app/app_test.go", 4};
  EXPECT_EQ(Runners({At("(*Journal).Rename", 40), closure, At("Go.func1", 5)}, {At("Go", 4), test}),
            Functions{});
  EXPECT_EQ(Runners({closure, At("Go.func1", 5)}, {At("Go", 4), test}), Functions{"app.Go"});
}

TEST(Runners, NothingIsKnownWithoutCreatorsOrText) {
  EXPECT_EQ(Runners({At("First.func1", 11)}, {}), Functions{});
  EXPECT_EQ(RunnersOf({At("wait", 23), At("Go.func1", 5)}, Stack{At("Go", 4), At("Second", 16)}, kCode, {}),
            Functions{});
}

TEST(HandersOn, AreWhatStandsBetweenTheLeafAndTheOwner) {
  const Stack stack = {
      {"os.Open", "/go/src/os/file.go", 9}, At("open", 5), At("Conf.func1", 15), At("Conf", 16)};
  EXPECT_EQ(HandersOn(stack, &stack[2], kCode), Functions{"app.open"});
  EXPECT_EQ(HandersOn(stack, &stack[1], kCode), Functions{});
  EXPECT_EQ(HandersOn(stack, nullptr, kCode), Functions{});
}

}  // namespace
}  // namespace goleakstress::explain
