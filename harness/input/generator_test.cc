#include "harness/input/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace goleakstress::input {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const Kinds kAll = {Kind::kBytes,  Kind::kString, Kind::kBool,   Kind::kInt,     Kind::kInt8,
                    Kind::kInt16,  Kind::kInt32,  Kind::kInt64,  Kind::kUint,    Kind::kUint8,
                    Kind::kUint16, Kind::kUint32, Kind::kUint64, Kind::kFloat32, Kind::kFloat64};

Input Text(std::string text) { return {TextValue(Kind::kString, std::move(text))}; }

TEST(Generator, GivesEveryInputOnceAndOfTheRightKinds) {
  Generator generator(kAll, {}, {}, 1);
  std::set<std::string> seen;
  for (const Input& input : generator.RepeatPool()) seen.insert(Describe(input, 1 << 20));
  for (int i = 0; i < 5000; ++i) {
    const Input input = generator.Next();
    ASSERT_TRUE(Matches(input, kAll));
    ASSERT_LE(Size(input), kMaxInputBytes);
    for (const Value& value : input) ASSERT_EQ(value.bits, Canonical(value.kind, value.bits));
    ASSERT_TRUE(seen.insert(Describe(input, 1 << 20)).second) << Describe(input);
  }
  EXPECT_FALSE(generator.exhausted());
}

TEST(Generator, SameSeedSameInputs) {
  const Dictionary dictionary{.words = {"add", "leak"}, .integers = {5, 1234}};
  Generator a(kAll, {ZeroInput(kAll)}, dictionary, 7), b(kAll, {ZeroInput(kAll)}, dictionary, 7);
  Generator other(kAll, {ZeroInput(kAll)}, dictionary, 8);
  int same_as_other = 0;
  for (int i = 0; i < 500; ++i) {
    const Input input = a.Next();
    ASSERT_EQ(input, b.Next());
    same_as_other += input == other.Next();
  }
  EXPECT_LT(same_as_other, 5);
}

// Kept inputs of one version are looked for by the next: the sequence is part of the contract on one machine
// and another.
TEST(Generator, InputsAreTheSameEverywhere) {
  Generator generator({Kind::kString, Kind::kInt},
                      {{TextValue(Kind::kString, "id=5"), BitsValue(Kind::kInt, 3)}}, {}, 1);
  uint64_t hash = 0;
  for (int i = 0; i < 1000; ++i) hash = hash * 31 + Hash(generator.Next());
  EXPECT_EQ(hash, 12224886105851753556u);
}

TEST(Generator, HalfOfTheInputsAreSeedsWithANewKey) {
  Generator generator({Kind::kString}, {Text("{\"op\":\"add\",\"id\":17}")}, {}, 3);
  int in_shape = 0, new_ids = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string text = generator.Next()[0].text;
    in_shape += text.starts_with("{\"") && text.ends_with("}") && text.find("\":\"") != text.npos;
    new_ids += text.starts_with("{\"op\":\"add\",\"id\":") && text.ends_with("}");
  }
  EXPECT_GT(in_shape, 500);
  EXPECT_GT(new_ids, 100);
}

TEST(Generator, NumbersAreKeysWhereThereIsNoText) {
  Generator generator({Kind::kUint16}, {}, {}, 3);
  std::set<uint64_t> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(generator.Next()[0].bits);
  EXPECT_EQ(seen.size(), 2000u);
}

TEST(Generator, SmallDomainsRunOutAndSaySo) {
  Generator generator({Kind::kBool}, {}, {}, 3);
  EXPECT_THAT(generator.RepeatPool(), SizeIs(2));
  EXPECT_FALSE(generator.exhausted());
  generator.Next();
  EXPECT_TRUE(generator.exhausted());
  EXPECT_EQ(generator.distinct(), 2u);
}

TEST(Generator, RepeatPoolIsSeedsThenGenerated) {
  Generator few({Kind::kString}, {Text("a"), Text("a"), {BitsValue(Kind::kInt, 1)}, Text("b")}, {}, 3);
  const std::vector<Input> pool = few.RepeatPool();
  ASSERT_THAT(pool, SizeIs(4));
  EXPECT_EQ(pool[0], Text("a"));
  EXPECT_EQ(pool[1], Text("b"));
  std::vector<Input> many;
  for (int i = 0; i < 100; ++i) many.push_back(Text(std::to_string(i)));
  EXPECT_THAT(Generator({Kind::kString}, many, {}, 3).RepeatPool(), SizeIs(16));
}

TEST(Generator, WithoutArgumentsThereIsOneInput) {
  Generator generator({}, {}, {}, 3);
  EXPECT_THAT(generator.RepeatPool(), ElementsAre(Input{}));
  const absl::StatusOr<std::vector<Input>> inputs = generator.Take(3);
  ASSERT_TRUE(inputs.ok());
  EXPECT_THAT(*inputs, ElementsAre(Input{}, Input{}, Input{}));
}

TEST(NoInputs, GivesEmptyInputs) {
  NoInputs source;
  EXPECT_THAT(*source.Take(2), ElementsAre(Input{}, Input{}));
  EXPECT_THAT(source.RepeatPool(), ElementsAre(Input{}));
}

}  // namespace
}  // namespace goleakstress::input
