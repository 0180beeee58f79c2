#include "harness/campaign/session.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace goleakstress::campaign {
namespace {

// A user's frame is to be found below a deep library in every profile alike (agent/stacks.go).
TEST(TargetEnvironment, TheRuntimeKeepsStacksAsDeepAsTheAgent) {
  TargetProgram program;
  program.user_dirs = {"/src/app", "/src/lib"};
  const std::vector<std::string> environment = TargetEnvironment(program);
  const std::string* godebug = nullptr;
  bool user = false;
  for (const std::string& variable : environment) {
    if (variable.starts_with("GODEBUG=")) godebug = &variable;
    user = user || variable == "GOLEAKSTRESS_USER=/src/app:/src/lib";
  }
  ASSERT_NE(godebug, nullptr);
  EXPECT_NE(godebug->find("profstackdepth=256"), std::string::npos);
  EXPECT_TRUE(user);
}

}  // namespace
}  // namespace goleakstress::campaign
