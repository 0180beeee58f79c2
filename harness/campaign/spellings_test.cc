#include "harness/campaign/spellings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace goleakstress::campaign {
namespace {

using input::Input;
using input::Kind;
using input::Sequence;

Input Text(std::string text) { return {input::TextValue(Kind::kString, std::move(text))}; }

TEST(SpellCalls, WhatIsWrittenIsReadAgain) {
  const Sequence calls = {Text("connect"),
                          Text("\ngo test fuzz v1\nstring(\"x\")\n"),
                          {input::BitsValue(Kind::kBool, 1), input::TextValue(Kind::kBytes, "\xff\n")}};
  const std::string text = SpellCalls(calls);
  const auto read = ReadCalls(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, calls);
}

TEST(SpellCalls, OneCallIsAFileOfGo) {
  EXPECT_EQ(SpellCalls({Text("a")}), "go test fuzz v1\nstring(\"a\")\n");
}

TEST(ReadCalls, WhatIsNoSuchTextIsRefused) {
  EXPECT_FALSE(ReadCalls("").ok());
  EXPECT_FALSE(ReadCalls("hello").ok());
  EXPECT_FALSE(ReadCalls("go test fuzz v1\nstring(1)\n").ok());
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "go test fuzz v1\nint(1)\n";
  EXPECT_FALSE(ReadCalls(many).ok());
}

TEST(SaveCalls, TheSameCallsGoToTheSameFile) {
  const std::string directory = testing::TempDir() + "/spellings_test";
  std::filesystem::remove_all(directory);
  const auto path = SaveCalls(directory, {Text("a")});
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_EQ(SaveCalls(directory, {Text("a")}).value(), *path);
  EXPECT_NE(SaveCalls(directory, {Text("b")}).value(), *path);
  std::ifstream file(*path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), SpellCalls({Text("a")}));
  std::filesystem::remove_all(directory);
}

TEST(ShellWord, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(ShellWord("./a-b/c_d.go:7"), "./a-b/c_d.go:7");
  EXPECT_EQ(ShellWord("a b"), "'a b'");
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellWord(""), "''");
}

}  // namespace
}  // namespace goleakstress::campaign
