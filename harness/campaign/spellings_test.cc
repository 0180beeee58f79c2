#include "harness/campaign/spellings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "harness/campaign/row_source.h"

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

TEST(ShowCalls, OfACombinedEntryShowsTheCallsThatAreMade) {
  Members members;
  for (const auto& [name, arguments] : {std::pair("FuzzOpen", 2U), std::pair("FuzzClose", 1U)}) {
    agent::Member* member = members.Add();
    member->set_name(name);
    member->set_arguments(arguments);
  }
  const auto call = [](uint64_t which) {
    return Input{input::BitsValue(Kind::kUint8, which), input::TextValue(Kind::kString, "a\nb"),
                 input::BitsValue(Kind::kInt, 5), input::TextValue(Kind::kBytes, "x")};
  };
  EXPECT_EQ(ShowCalls({call(0), call(3)}, members),
            "FuzzOpen(string(\"a\\nb\"), int(5))\nFuzzClose([]byte(\"x\"))\n");
  EXPECT_EQ(ShowCalls({call(0)}, {}), SpellCalls({call(0)}));
  EXPECT_EQ(ShowCalls({{}}, members), SpellCalls({{}}));
  members[1].set_arguments(2);
  EXPECT_EQ(ShowCalls({call(1)}, members), SpellCalls({call(1)}));
}

TEST(RowSource, KeepsTheRowAndPutsKeysWhereTheyCount) {
  Members members;
  for (const char* name : {"FuzzOpen", "FuzzClose"}) {
    agent::Member* member = members.Add();
    member->set_name(name);
    member->set_arguments(1);
  }
  const auto call = [](uint64_t which) {
    return Input{input::BitsValue(Kind::kUint8, which), input::TextValue(Kind::kString, "topic"),
                 input::TextValue(Kind::kString, "why")};
  };
  RowSource source({call(0), call(1)}, members, 7);
  const auto taken = source.Take(1001);
  ASSERT_TRUE(taken.ok());
  ASSERT_EQ(taken->size(), 1001U);
  int changed[2] = {};
  for (size_t i = 0; i < taken->size(); ++i) {
    const Input& input = (*taken)[i];
    EXPECT_EQ(input[0].bits, i % 2);
    EXPECT_EQ(input[2 - i % 2], call(0)[2 - i % 2]) << i;  // the other target's argument
    if (input != call(i % 2)) ++changed[i % 2];
  }
  for (const int count : changed) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 250);
  }
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
