#include "harness/report/source_places.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::report {
namespace {

class SourceFileTest : public testing::Test {
 protected:
  SourceFileTest() {
    Package* package = report_.add_packages();
    package->set_import_path("example.com/app/web/api");
    package->set_dir("/src/repo/services/app/web/api");
    finding_.set_package("example.com/app/web/api");
  }
  std::string File(const char* function, const char* file, const char* root = "/src/repo") {
    Frame frame;
    frame.set_function(function);
    frame.set_file(file);
    return SourceFile(report_, finding_, frame, root);
  }

  Report report_;
  Finding finding_;
};

TEST_F(SourceFileTest, TheModuleIsFoundFromPackageAndFunction) {
  EXPECT_EQ(File("example.com/app/web/api.Serve", "web/api/serve.go"), "services/app/web/api/serve.go");
  EXPECT_EQ(File("example.com/app/store.(*DB).Get", "store/db.go"), "services/app/store/db.go");
  EXPECT_EQ(File("example.com/app.Run.func1", "run.go"), "services/app/run.go");
  EXPECT_EQ(File("example.com/app/web/api_test.FuzzServe.func1", "web/api/serve_test.go"),
            "services/app/web/api/serve_test.go");
  EXPECT_EQ(File("example.com/app/set.Add[example.com/x/y.T]", "set/set.go"), "services/app/set/set.go");
}

TEST_F(SourceFileTest, AMainIsTheFindingsPackage) {
  EXPECT_EQ(File("main.main", "web/api/main.go"), "services/app/web/api/main.go");
}

TEST_F(SourceFileTest, WhatCannotBeToldStays) {
  EXPECT_EQ(File("other.org/lib.Do", "do.go"), "do.go");
  EXPECT_EQ(File("example.com/application.Do", "do.go"), "do.go");
  EXPECT_EQ(File("", ""), "");
  EXPECT_EQ(File("example.com/app.Run", "run.go", ""), "run.go");
}

TEST_F(SourceFileTest, AbsoluteFiles) {
  EXPECT_EQ(File("a/b.C", "/src/repo/b/c.go"), "b/c.go");
  EXPECT_EQ(File("a/b.C", "/src/repository/c.go"), "/src/repository/c.go");
  EXPECT_EQ(File("net/http.Do", "/usr/local/go/src/net/http/client.go"),
            "/usr/local/go/src/net/http/client.go");
}

TEST_F(SourceFileTest, Dir) {
  EXPECT_EQ(SourceDir(report_.packages(0), "/src/repo"), "services/app/web/api");
  EXPECT_EQ(SourceDir(report_.packages(0), "/src/repo/services/app/web/api"), ".");
}

TEST(PlaceToShowTest, CulpritThenTheUsersOwn) {
  Finding finding;
  EXPECT_EQ(PlaceToShow(finding), nullptr);
  finding.add_stack()->set_file("/go/src/runtime/proc.go");
  EXPECT_EQ(PlaceToShow(finding), nullptr);
  Frame* creator = finding.add_creator();
  creator->set_file("a.go");
  creator->set_user(true);
  EXPECT_EQ(PlaceToShow(finding), creator);
  finding.mutable_culprit()->set_file("b.go");
  EXPECT_EQ(PlaceToShow(finding), &finding.culprit());
}

TEST(FindSourceRootTest, IsTheRepositoryThatTheTestsRunIn) {
  if (std::getenv("GITHUB_WORKSPACE") != nullptr || std::getenv("CI_PROJECT_DIR") != nullptr) GTEST_SKIP();
  EXPECT_TRUE(FindSourceRoot().starts_with('/'));
}

}  // namespace
}  // namespace goleakstress::report
