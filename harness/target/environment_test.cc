#include "harness/target/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace goleakstress::target {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Environment, IsOurs) {
  setenv("GLS_ENVIRONMENT_TEST", "a=b", 1);
  EXPECT_THAT(CurrentEnvironment(), Contains("GLS_ENVIRONMENT_TEST=a=b"));
  EXPECT_EQ(GetVariable(CurrentEnvironment(), "GLS_ENVIRONMENT_TEST"), "a=b");
  unsetenv("GLS_ENVIRONMENT_TEST");
}

TEST(Environment, VariablesAreReplacedByTheirWholeName) {
  Environment env = {"GO=1", "GOFLAGS=-v", "GO=2", "GOROOT="};
  EXPECT_EQ(GetVariable(env, "GO"), "2");
  EXPECT_EQ(GetVariable(env, "GOROOT"), "");
  EXPECT_EQ(GetVariable(env, "GOR"), std::nullopt);
  SetVariable(env, "GO", "3");
  EXPECT_THAT(env, ElementsAre("GOFLAGS=-v", "GOROOT=", "GO=3"));
  UnsetVariable(env, "GOROOT");
  EXPECT_THAT(env, ElementsAre("GOFLAGS=-v", "GO=3"));
}

TEST(Environment, ProgramsAreFoundInAbsolutePathsOnly) {
  EXPECT_EQ(*FindProgram("sh", {"PATH=:relative:/etc:/bin"}), "/bin/sh");
  EXPECT_EQ(*FindProgram("/bin/sh", {}), "/bin/sh");
  EXPECT_EQ(FindProgram("passwd", {"PATH=/etc"}).status().code(),
            absl::StatusCode::kNotFound);  // not executable
  EXPECT_EQ(FindProgram("bin", {"PATH=/usr"}).status().code(), absl::StatusCode::kNotFound);  // a directory
  EXPECT_THAT(std::string(FindProgram("sh", {"PATH=/etc"}).status().message()), HasSubstr("sh in PATH=/etc"));
  EXPECT_EQ(FindProgram("sh", {}).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace goleakstress::target
