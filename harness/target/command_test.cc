#include "harness/target/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/target/testing.h"

namespace goleakstress::target {
namespace {

using testing::HasSubstr;

TEST(Command, GivesOutputAndExitCode) {
  const auto result = RunCommand(FakeTarget({"say=out", "say_err=err", "exit=5"}), kLong);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->outcome.exit_code, 5);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
}

TEST(Command, FindsProgramsInThePathOfItsEnvironment) {
  Spec spec;
  spec.program = "sh";
  spec.args = {"-c", "echo $0 $GREETING"};
  spec.env = {"PATH=/nowhere::/bin:/usr/bin", "GREETING=hi"};
  const auto result = RunCommand(spec, kLong);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_THAT(result->out, HasSubstr("bin/sh hi\n"));
  spec.env = {"PATH=/nowhere"};
  EXPECT_EQ(RunCommand(spec, kLong).status().code(), absl::StatusCode::kNotFound);
}

TEST(Command, TakesLargeOutputWhole) {
  const auto result = RunCommand(FakeTarget({"long_output=20000000"}), kLong);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->out.size(), 20000000U);
}

TEST(Command, RefusesTooMuchOutput) {
  const auto result = RunCommand(FakeTarget({"long_output=70000000"}), kLong);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted);
}

TEST(Command, TimesOut) {
  const auto result = RunCommand(FakeTarget({"hang"}), std::chrono::milliseconds(30));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(Command, CancelKillsTheWholeGroup) {
  const std::string pid_file = testing::TempDir() + "gls_command_test_pid";
  Spec spec;
  spec.program = "sh";
  spec.args = {"-c", "sleep 1000 & echo $! > " + pid_file + "; wait"};
  spec.env = CurrentEnvironment();
  std::atomic<bool> cancel = false;
  pid_t grandchild = 0;
  std::thread later([&] {
    EXPECT_TRUE(Eventually([&] { return static_cast<bool>(std::ifstream(pid_file) >> grandchild); }));
    cancel = true;
  });
  const auto result = RunCommand(spec, kLong, &cancel);
  later.join();
  unlink(pid_file.c_str());
  EXPECT_EQ(result.status().code(), absl::StatusCode::kCancelled);
  ASSERT_GT(grandchild, 0);
  EXPECT_TRUE(Eventually([&] { return !IsAlive(grandchild); }));
}

}  // namespace
}  // namespace goleakstress::target
