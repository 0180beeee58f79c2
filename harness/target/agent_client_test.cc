#include "harness/target/agent_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "harness/target/testing.h"

namespace goleakstress::target {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::chrono::milliseconds kShort(50);

AgentClient Start(std::vector<std::string> script, const std::atomic<bool>* cancel = nullptr) {
  absl::StatusOr<AgentClient> client = AgentClient::Start(FakeTarget(std::move(script)), cancel);
  if (!client.ok()) ADD_FAILURE() << client.status();
  return *std::move(client);
}

agent::Run CallsTo(uint64_t count) {
  agent::Run run;
  run.set_count(count);
  return run;
}

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(AgentClient, WholeLifeOfATarget) {
  AgentClient client = Start({"hello", "ready", "leak=2", "serve"});
  const auto hello = client.WaitHello(kLong);
  ASSERT_TRUE(hello.ok()) << hello.status();
  EXPECT_EQ(hello->go_version(), "go0.fake");
  const auto ready = client.WaitReady(kLong);
  ASSERT_TRUE(ready.ok()) << ready.status();
  EXPECT_EQ(ready->seeds(0).values(0).text(), "seed");

  const auto done = client.Run(CallsTo(3), kLong);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_THAT(done->goroutine_delta(), ElementsAre(2, 2, 2));
  EXPECT_TRUE(client.Settle(std::chrono::seconds(1), true, kLong)->quiet());
  EXPECT_TRUE(client.Jump({.total = std::chrono::hours(25)}, kLong).ok());
  EXPECT_TRUE(client.Collect(2, kLong).ok());
  EXPECT_TRUE(client.Tune({}, kLong).ok());
  const auto metrics = client.ReadMetrics({"/sched/goroutines:goroutines", "no such"}, kLong);
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  ASSERT_EQ(metrics->metrics_size(), 1);
  EXPECT_EQ(metrics->metrics(0).value(), 10);
  EXPECT_THAT(**client.ReadProfile("goroutine", kLong), HasSubstr("main.leak"));
  EXPECT_EQ(*client.ReadProfile("no such", kLong), std::nullopt);
  EXPECT_THAT(*client.ReadStacks(1000, kLong), HasSubstr("goroutine 1"));
  EXPECT_THAT(*client.ListProfiles(kLong), ElementsAre("goroutine"));

  EXPECT_TRUE(client.Finish(kLong).ok());
  EXPECT_EQ(client.process().Wait(kLong)->Words(), "exited normally");
}

TEST(AgentClient, ListsEntries) {
  AgentClient client = Start({"hello", "entries"});
  const auto entries = client.WaitEntries(kLong);
  ASSERT_TRUE(entries.ok()) << entries.status();
  EXPECT_EQ(entries->entries(0).name(), "FuzzLeak");
  EXPECT_TRUE(client.WaitHello(kLong).ok());
}

TEST(AgentClient, HeapDumpGoesToAFile) {
  AgentClient client = Start({"serve"});
  const std::string path = testing::TempDir() + "gls_client_test_dump";
  EXPECT_TRUE(client.WriteHeapDump(path, kLong).ok());
  std::string line;
  std::getline(std::ifstream(path), line);
  unlink(path.c_str());
  EXPECT_EQ(line, "go1.7 heap dump");
  const absl::Status refused = client.WriteHeapDump("/no/such/dir/dump", kLong);
  EXPECT_EQ(FailureOf(refused), CallFailure::kRefused);
  EXPECT_THAT(Message(refused), HasSubstr("No such file or directory"));
  EXPECT_TRUE(client.Collect(1, kLong).ok());  // the target is fine
}

TEST(AgentClient, DeathIsToldWithItsOutcome) {
  AgentClient client = Start({"hello", "exit_on_run=7", "serve"});
  ASSERT_TRUE(client.WaitHello(kLong).ok());
  const absl::Status status = client.Run(CallsTo(1), kLong).status();
  EXPECT_EQ(FailureOf(status), CallFailure::kDied);
  EXPECT_EQ(status.message(), "the target exited with code 7 during a run");
  EXPECT_EQ(FailureOf(client.Collect(1, kLong)), CallFailure::kDied);
}

TEST(AgentClient, DeathBeforeHello) {
  AgentClient client = Start({"say_err=panic: oh", "abort"});
  const absl::Status status = client.WaitHello(kLong).status();
  EXPECT_EQ(status.message(), "the target was killed by SIGABRT (Aborted) during start-up");
  EXPECT_EQ(client.process().Err().Text(), "panic: oh\n");
}

TEST(AgentClient, DeathIsSeenThoughAChildHoldsTheChannel) {
  AgentClient client = Start({"daemon_child", "fork_child", "exit=9"});
  const absl::Status status = client.WaitHello(kLong).status();
  EXPECT_EQ(status.message(), "the target exited with code 9 during start-up");
}

TEST(AgentClient, DeathInTheMiddleOfAMessage) {
  AgentClient client = Start({"half_message", "exit=1"});
  EXPECT_EQ(FailureOf(client.WaitReady(kLong).status()), CallFailure::kDied);
}

TEST(AgentClient, HangIsToldAndTheClientGoesOn) {
  AgentClient client = Start({"hold_first", "serve"});
  const absl::Status status = client.Collect(2, kShort);
  EXPECT_EQ(FailureOf(status), CallFailure::kHung);
  EXPECT_THAT(Message(status),
              HasSubstr("the target did not answer during a garbage collection within 0.05 s"));
  EXPECT_THAT(*client.ListProfiles(kLong), ElementsAre("goroutine"));  // the late Done is dropped
}

TEST(AgentClient, NoAnswerIsWaitedForPastTheLast) {
  AgentClient client = Start({"hang"});
  client.AnswerBy(std::chrono::steady_clock::now());
  EXPECT_EQ(FailureOf(client.Collect(1, std::chrono::hours(1))), CallFailure::kHung);
  EXPECT_EQ(FailureOf(client.WaitRun(std::chrono::hours(1)).status()), CallFailure::kOther);  // no run
}

TEST(AgentClient, HungCallIsAbandoned) {
  AgentClient client = Start({"hang_run", "serve"});
  EXPECT_EQ(FailureOf(client.Run(CallsTo(1), kShort).status()), CallFailure::kHung);
  EXPECT_THAT(*client.ReadStacks(1000, kLong), HasSubstr("goroutine 1"));
  EXPECT_TRUE(client.Abandon(kLong).ok());
  const auto done = client.WaitRun(kLong);
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->outcomes(), std::string(1, static_cast<char>(agent::OUTCOME_HUNG)));
  EXPECT_EQ(client.WaitRun(kLong).status().code(), absl::StatusCode::kInternal);
}

TEST(AgentClient, TargetThatReadsNothingIsHung) {
  AgentClient client = Start({"hang"});
  agent::Run run = CallsTo(1);
  run.add_inputs()->add_values()->set_text(std::string(4 << 20, 'x'));
  EXPECT_EQ(FailureOf(client.Run(run, kShort).status()), CallFailure::kHung);
  EXPECT_EQ(FailureOf(client.Collect(1, kShort)), CallFailure::kHung);
}

TEST(AgentClient, ClosedChannelIsNotDeath) {
  AgentClient client = Start({"close_channel", "hang"});
  const absl::Status status = client.WaitHello(kLong).status();
  EXPECT_EQ(FailureOf(status), CallFailure::kChannelClosed);
  EXPECT_THAT(Message(status), HasSubstr("lives on"));
  EXPECT_TRUE(IsAlive(client.process().pid()));
}

TEST(AgentClient, GarbageIsTold) {
  for (const char* word : {"garbage", "oversize_length", "wrong_id", "wrong_body"}) {
    AgentClient client = Start({word, "serve"});
    const absl::Status status = client.Collect(1, kLong);
    EXPECT_EQ(FailureOf(status), CallFailure::kGarbage) << word << status;
    EXPECT_THAT(Message(status), HasSubstr("the target broke the protocol during a garbage collection"));
  }
}

TEST(AgentClient, EventsComeOnce) {
  AgentClient client = Start({"hello", "hello", "hang"});
  EXPECT_EQ(FailureOf(client.WaitReady(kLong).status()), CallFailure::kGarbage);
}

TEST(AgentClient, RefusalIsTold) {
  AgentClient client = Start({"refuse", "serve"});
  const absl::Status status = client.Jump({.total = std::chrono::hours(1)}, kLong);
  EXPECT_EQ(FailureOf(status), CallFailure::kRefused);
  EXPECT_THAT(Message(status), HasSubstr("refused a move of its clock: refused by script"));
}

TEST(AgentClient, CancelEndsEveryWait) {
  std::atomic<bool> cancel = false;
  AgentClient client = Start({"hang"}, &cancel);
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    cancel = true;
  });
  EXPECT_EQ(FailureOf(client.WaitHello(std::chrono::hours(1000)).status()), CallFailure::kCancelled);
  EXPECT_EQ(FailureOf(client.Run(CallsTo(1), kLong).status()), CallFailure::kCancelled);
  later.join();
}

}  // namespace
}  // namespace goleakstress::target
