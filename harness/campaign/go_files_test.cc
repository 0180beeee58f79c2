#include "harness/campaign/go_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace goleakstress::campaign {
namespace {

TEST(GoFiles, AreReadOnceAndADirectoryAsAWhole) {
  const std::string directory = testing::TempDir() + "go_files_test/";
  std::filesystem::create_directory(directory);
  std::ofstream(directory + "b.go") << "package b";
  std::ofstream(directory + "a.go") << "package a";
  std::ofstream(directory + "a.txt") << "text";
  const explain::ReadSource read = GoFiles();
  EXPECT_EQ(read(directory + "b.go"), "package b");
  EXPECT_EQ(read(directory), "package a\npackage b\n");
  std::filesystem::remove_all(directory);
  EXPECT_EQ(read(directory), "package a\npackage b\n");
  EXPECT_EQ(read(directory + "a.go"), "");
  EXPECT_EQ(GoFiles()(directory), "");
}

}  // namespace
}  // namespace goleakstress::campaign
