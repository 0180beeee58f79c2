#include "harness/input/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace goleakstress::input {
namespace {

using testing::HasSubstr;

TEST(Value, CanonicalBitsAreCutAndSignExtended) {
  EXPECT_EQ(BitsValue(Kind::kInt8, 0x1FF).bits, ~uint64_t{0});
  EXPECT_EQ(BitsValue(Kind::kInt8, 0x17F).bits, 0x7Fu);
  EXPECT_EQ(BitsValue(Kind::kUint8, 0x1FF).bits, 0xFFu);
  EXPECT_EQ(BitsValue(Kind::kInt32, 0x80000000).bits, 0xFFFFFFFF80000000);
  EXPECT_EQ(BitsValue(Kind::kBool, 2).bits, 0u);
  EXPECT_EQ(BitsValue(Kind::kUint64, ~uint64_t{0}).bits, ~uint64_t{0});
}

TEST(Value, KindsAreNumberedAsInTheProtocol) {
  EXPECT_EQ(static_cast<int>(Kind::kBytes), agent::VALUE_BYTES);
  EXPECT_EQ(static_cast<int>(Kind::kInt32), agent::VALUE_INT32);
  EXPECT_EQ(static_cast<int>(Kind::kUint64), agent::VALUE_UINT64);
  EXPECT_EQ(static_cast<int>(Kind::kFloat64), agent::VALUE_FLOAT64);
}

TEST(Value, SurvivesTheProtocol) {
  const Input input = {TextValue(Kind::kString, "a\xff"), BitsValue(Kind::kInt16, uint64_t(-3)),
                       FloatValue(0.1), TextValue(Kind::kBytes, "")};
  const absl::StatusOr<Input> back = FromProto(ToProto(input));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(*back, input);
}

TEST(Value, FromProtoRefusesWhatIsTooBigOrUnknown) {
  agent::Input big;
  big.add_values()->set_kind(agent::VALUE_BYTES);
  big.mutable_values(0)->set_text(std::string(kMaxInputBytes + 1, 'x'));
  EXPECT_THAT(FromProto(big).status().ToString(), HasSubstr("bytes"));
  agent::Input many;
  for (size_t i = 0; i <= kMaxArguments; ++i) many.add_values()->set_kind(agent::VALUE_BOOL);
  EXPECT_THAT(FromProto(many).status().ToString(), HasSubstr("257 arguments"));
  agent::Input unknown;
  unknown.add_values();
  EXPECT_THAT(FromProto(unknown).status().ToString(), HasSubstr("unknown kind 0"));
}

TEST(Value, HashTellsWhereOneFieldEndsAndTheNextBegins) {
  const auto hash = [](std::string a, std::string b) {
    return Hash({TextValue(Kind::kString, std::move(a)), TextValue(Kind::kString, std::move(b))});
  };
  EXPECT_NE(hash("ab", ""), hash("a", "b"));
  EXPECT_NE(hash("ab", ""), hash("", "ab"));
  EXPECT_NE(Hash({BitsValue(Kind::kInt, 1)}), Hash({BitsValue(Kind::kInt64, 1)}));
  EXPECT_EQ(Hash({BitsValue(Kind::kBool, 1)}), 0xf618fc8a7f03c6c7);  // must never change
}

TEST(Value, CapCutsTheLongestTextOnly) {
  Input input = {TextValue(Kind::kString, std::string(10, 'a')),
                 TextValue(Kind::kBytes, std::string(100, 'b')), BitsValue(Kind::kInt, 5)};
  Cap(&input, 50);
  EXPECT_EQ(Size(input), 50u);
  EXPECT_EQ(input[0].text.size(), 10u);
  Cap(&input, 10);
  EXPECT_EQ(Size(input), 10u);
  EXPECT_EQ(input[2].bits, 5u);
  Cap(&input, 1);  // nothing left to cut
  EXPECT_EQ(Size(input), 8u);
}

TEST(Value, DescribesItselfInGo) {
  EXPECT_EQ(Describe({TextValue(Kind::kString, "a\n"), BitsValue(Kind::kInt, uint64_t(-5))}),
            "string(\"a\\n\"), int(-5)");
  EXPECT_THAT(Describe({TextValue(Kind::kBytes, std::string(5000, 'x'))}, 20), HasSubstr("(5000 bytes)"));
}

}  // namespace
}  // namespace goleakstress::input
