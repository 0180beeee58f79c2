#include "harness/input/mutate.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace goleakstress::input {
namespace {

// Whether one of `tries` single changes of `from` gives what is looked for.
bool Reaches(const std::string& from, const MutationSources& sources,
             const std::function<bool(const std::string&)>& found, int tries = 20000) {
  Random random(5);
  for (int i = 0; i < tries; ++i) {
    std::string text = from;
    MutateText(sources, 0, &random, &text);
    if (found(text)) return true;
  }
  return false;
}

std::function<bool(const std::string&)> Is(std::string want) {
  return [want](const std::string& text) { return text == want; };
}

TEST(MutateText, FollowsComparisonsOfAnyLength) {
  const std::vector<ComparedText> texts = {{"add", "subscribe"}};
  const std::vector<ComparedNumber> numbers = {{0x3412, 0xBEEF, 2}, {17, 123456789, 4}};
  const MutationSources sources{.texts = &texts, .numbers = &numbers};
  EXPECT_TRUE(Reaches("op:add!", sources, Is("op:subscribe!")));
  EXPECT_TRUE(Reaches("n=17;", sources, Is("n=123456789;")));
  EXPECT_TRUE(Reaches("x\x12\x34y", sources, Is("x\xEF\xBEy")));  // little-endian
  EXPECT_TRUE(Reaches("x\x34\x12y", sources, Is("x\xBE\xEFy")));  // big-endian
}

TEST(MutateText, UsesTheDictionary) {
  const Dictionary dictionary{.words = {"magic"}};
  EXPECT_TRUE(Reaches("a", {.dictionary = &dictionary}, Is("amagic")));
  EXPECT_TRUE(Reaches("a", {.dictionary = &dictionary}, Is("magic")));
}

TEST(MutateText, ChangesNumbersAndNesting) {
  EXPECT_TRUE(Reaches("x=99", {}, Is("x=100")));
  EXPECT_TRUE(Reaches("x=-1", {}, Is("x=-2")));
  EXPECT_TRUE(Reaches("[[1],[2]]", {}, Is("[1]")));
  EXPECT_TRUE(Reaches("[\"a\"]", {}, Is("[\"a\",\"a\"]")));
  EXPECT_TRUE(Reaches("", {}, [](const std::string& text) { return !text.empty(); }));
  EXPECT_TRUE(Reaches("ab", {}, [](const std::string& text) { return text.size() >= 20; }));
}

TEST(MutateText, SeesPairsTemplatesAndEncodings) {
  const Dictionary words{.words = {"mode"}};
  const std::vector<ComparedText> texts = {{"", "tail"}, {"hell", "key="}};
  const MutationSources sources{.dictionary = &words, .texts = &texts};
  EXPECT_TRUE(Reaches("{}", sources, Is("{\"mode\":\"tail\"}"), 100000));
  EXPECT_TRUE(Reaches("/p?a=b", sources, Is("/p?a=b&mode=tail"), 100000));
  EXPECT_TRUE(Reaches("A: b\r\n", sources, Is("mode: tail\r\nA: b\r\n"), 100000));
  EXPECT_TRUE(Reaches("{\"mode\":\"\"}", sources, Is("{\"mode\":\"tail\"}")));
  EXPECT_TRUE(Reaches("aGVsbG8=", sources, Is("a2V5PW8=")));      // base64 of hello, of key=o
  EXPECT_TRUE(Reaches("68656c6c6f", sources, Is("6b65793d6f")));  // the same in hexadecimal
  EXPECT_TRUE(Reaches("x%68ell", sources, Is("xkey%3d")));
  const Dictionary templates{.templates = {"{\"a\":[{}]}"}};
  EXPECT_TRUE(Reaches("x", {.dictionary = &templates}, Is("{\"a\":[{}]}")));
}

TEST(MutateText, MovesDatesToWhereCalendarsAreIrregular) {
  EXPECT_TRUE(Reaches("2024-03-01", {}, Is("2024-02-29")));
  EXPECT_TRUE(Reaches("2023-03-01", {}, Is("2020-02-29"), 100000));
  EXPECT_TRUE(Reaches("{\"on\":\"2023-03-01T10:00:00Z\"}", {}, Is("{\"on\":\"2023-12-31T10:00:00Z\"}")));
  EXPECT_TRUE(Reaches("on 7/14/2023.", {}, Is("on 02/28/2023.")));
  EXPECT_TRUE(Reaches("14.7.2023", {}, Is("31.12.2023")));
  EXPECT_TRUE(Reaches("x20230714y", {}, Is("x20231231y")));
  EXPECT_TRUE(Reaches("at 10:15", {}, Is("at 23:59")));
  EXPECT_TRUE(Reaches("10:15:30", {}, Is("23:59:60")));
}

TEST(MutateText, StaysInItsBounds) {
  Random random(1);
  std::string text = "abc";
  for (int i = 0; i < 5000; ++i) {
    MutateText({.max_bytes = 100}, 0, &random, &text);
    ASSERT_LE(text.size(), 100u);
  }
}

TEST(MutateNumber, ReachesWhatIsNearSpecialOrCompared) {
  const std::vector<ComparedNumber> numbers = {{5, 777777, 4}};
  Random random(1);
  std::set<uint64_t> seen;
  for (int i = 0; i < 20000; ++i) {
    Value value = BitsValue(Kind::kInt32, 5);
    MutateNumber({.numbers = &numbers}, &random, &value);
    seen.insert(value.bits);
  }
  for (int64_t want : {4, 6, -5, 0, 777777, 0x7fffffff, 65535, 65536}) {
    EXPECT_TRUE(seen.count(static_cast<uint64_t>(want))) << want;
  }
}

// The operand of a comparison is seldom the argument itself.
TEST(MutateNumber, SolvesWhatWasMadeFromTheNumber) {
  const auto reaches = [](uint64_t from, ComparedNumber compared, uint64_t want) {
    const std::vector<ComparedNumber> numbers = {compared};
    Random random(1);
    for (int i = 0; i < 1000; ++i) {
      Value value = BitsValue(Kind::kUint64, from);
      MutateNumber({.numbers = &numbers}, &random, &value);
      if (value.bits == want) return true;
    }
    return false;
  };
  EXPECT_TRUE(reaches(0x12345678, {0x5678, 0xBEEF, 2}, 0x1234BEEF));      // uint16(x) == 0xBEEF
  EXPECT_TRUE(reaches(0x12345678, {0x123456, 0xC0FFEE, 4}, 0xC0FFEE78));  // x >> 8 == 0xC0FFEE
  EXPECT_TRUE(reaches(100, {103, 5000, 8}, 4997));                        // x + 3 == 5000
  EXPECT_TRUE(reaches(100, {0xFFFFFF9B, 77, 4}, ~uint64_t{77}));          // ^uint32(x) == 77
}

TEST(Mutate, ReachesEveryFieldAndKeepsKinds) {
  const Kinds kinds = {Kind::kString, Kind::kBool, Kind::kFloat32, Kind::kUint8};
  Random random(1);
  std::set<size_t> changed;
  for (int i = 0; i < 200; ++i) {
    Input input = ZeroInput(kinds);
    Mutate({}, &random, &input);
    ASSERT_TRUE(Matches(input, kinds));
    for (size_t field = 0; field < kinds.size(); ++field) {
      if (input[field] != Value{kinds[field], {}, 0}) changed.insert(field);
    }
  }
  EXPECT_EQ(changed.size(), kinds.size());
}

TEST(CrossOver, TakesFromBoth) {
  const Input a = {TextValue(Kind::kString, "aaaa"), BitsValue(Kind::kInt, 1)};
  const Input b = {TextValue(Kind::kString, "bbbb"), BitsValue(Kind::kInt, 2)};
  Random random(1);
  std::set<std::string> children;
  for (int i = 0; i < 500; ++i) children.insert(Describe(CrossOver(a, b, &random)));
  EXPECT_TRUE(children.count("string(\"aabb\"), int(1)"));
  EXPECT_TRUE(children.count("string(\"bbbb\"), int(1)"));
}

}  // namespace
}  // namespace goleakstress::input
