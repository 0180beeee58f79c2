// For tests that run the program as its user does: a directory of their own, command lines, reports.
#ifndef HARNESS_END_TO_END_FIXTURE_H_
#define HARNESS_END_TO_END_FIXTURE_H_

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "harness/proto/report.pb.h"
#include "harness/target/command.h"
#include "harness/target/environment.h"
#include "harness/target/target_process.h"

namespace goleakstress {

// A directory of this test, removed with it.
class EndToEnd : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "gls-end-to-end-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  target::Spec SpecOf(std::vector<std::string> arguments) const {
    target::Spec spec;
    spec.program = GOLEAKSTRESS_BINARY;
    spec.args = std::move(arguments);
    spec.env = target::CurrentEnvironment();
    spec.working_dir = GOLEAKSTRESS_SOURCE_DIR;
    return spec;
  }

  target::CommandResult Run(std::vector<std::string> arguments) const {
    auto result = target::RunCommand(SpecOf(std::move(arguments)), std::chrono::minutes(10));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : target::CommandResult{};
  }

  std::string Path(const std::string& name) const { return dir_ + "/" + name; }

  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    std::ofstream(Path(name)) << text;
  }

  report::Report Read(const std::string& name) const {
    std::ifstream file(Path(name));
    std::stringstream text;
    text << file.rdbuf();
    report::Report report;
    const auto status = google::protobuf::util::JsonStringToMessage(text.str(), &report);
    EXPECT_TRUE(status.ok()) << status.ToString() << text.str().substr(0, 2000);
    return report;
  }

  std::string dir_;
};

}  // namespace goleakstress

#endif  // HARNESS_END_TO_END_FIXTURE_H_
