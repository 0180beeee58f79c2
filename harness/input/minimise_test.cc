#include "harness/input/minimise.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>

namespace goleakstress::input {
namespace {

Input Text(std::string text) { return {TextValue(Kind::kString, std::move(text))}; }
bool Contains(const Input& input, std::string_view part) {
  return input[0].text.find(part) != std::string::npos;
}

TEST(Minimise, LeavesThePartsThatMatter) {
  const Input large =
      Text(std::string(3000, '.') + "LEAK" + std::string(2000, '-') + "(x)" + std::string(1000, '!'));
  const auto holds = [](const Input& input) { return Contains(input, "LEAK") && Contains(input, ")"); };
  const MinimisedInput small = Minimise(large, {}, holds, 5000);
  EXPECT_EQ(small.input, Text("LEAK)"));
  EXPECT_TRUE(small.finished);
  EXPECT_LT(small.tries, 500u);
  EXPECT_FALSE(small.any_input);
}

TEST(Minimise, ShrinksEveryField) {
  const Input large = {TextValue(Kind::kString, "some text"),
                       BitsValue(Kind::kInt32, static_cast<uint64_t>(-123456)),
                       BitsValue(Kind::kUint64, 0xDEADBEEF),
                       BitsValue(Kind::kBool, 1),
                       FloatValue(1234.75),
                       TextValue(Kind::kBytes, "Z9\xff")};
  const auto holds = [](const Input& input) {
    return static_cast<int64_t>(input[1].bits) < -1000 && (input[2].bits & 0xFF00) == 0xBE00 &&
           std::bit_cast<double>(input[4].bits) > 100 && input[5].text.size() >= 2;
  };
  const MinimisedInput small = Minimise(large, {}, holds, 5000);
  ASSERT_TRUE(small.finished);
  EXPECT_EQ(small.input[0].text, "");
  EXPECT_EQ(static_cast<int64_t>(small.input[1].bits), -1001);
  EXPECT_EQ(small.input[2].bits, 0xBE00u);
  EXPECT_EQ(small.input[3].bits, 0u);
  EXPECT_EQ(std::bit_cast<double>(small.input[4].bits), 154.0);  // halving stops above 100
  EXPECT_EQ(small.input[5].text.size(), 2u);
}

TEST(Minimise, SaysWhenTheInputDoesNotMatter) {
  const auto always = [](const Input&) { return true; };
  const MinimisedInput small = Minimise(Text("abc"), {Text("x"), Text("{}")}, always, 100);
  EXPECT_TRUE(small.any_input);
  EXPECT_EQ(small.input, Text(""));
  EXPECT_EQ(small.tries, 3u);
  const auto short_ones = [](const Input& input) { return input[0].text.size() < 2; };
  EXPECT_FALSE(Minimise(Text("a"), {Text("{}")}, short_ones, 100).any_input);
  EXPECT_TRUE(Minimise(Input{}, {}, always, 100).any_input);
}

TEST(Minimise, StopsWhenTheTriesAreUsed) {
  size_t asked = 0;
  const auto holds = [&](const Input& input) {
    ++asked;
    return Contains(input, "ab");
  };
  const MinimisedInput small = Minimise(Text(std::string(1000, 'x') + "ab"), {}, holds, 5);
  EXPECT_EQ(asked, 5u);
  EXPECT_EQ(small.tries, 5u);
  EXPECT_FALSE(small.finished);
  EXPECT_TRUE(holds(small.input));
}

TEST(Minimise, EndsForEveryFloat) {
  for (double real : {1e308, -1e308, 0.001, -0.0, std::bit_cast<double>(0x7FF8000000000005), 1e-320}) {
    const Input input = {FloatValue(real)};
    EXPECT_TRUE(Minimise(
                    input, {}, [&](const Input& trial) { return trial[0].bits != 0; }, 10000)
                    .finished)
        << real;
  }
}

RC_GTEST_PROP(Minimise, ResultHoldsAndIsNoLarger, (const std::string& text, uint8_t needle, int32_t number)) {
  const Input input = {TextValue(Kind::kBytes, text), BitsValue(Kind::kInt32, static_cast<uint64_t>(number))};
  const auto holds = [&](const Input& trial) {
    return trial[0].text.find(static_cast<char>(needle)) != std::string::npos || trial[1].bits % 3 == 1;
  };
  RC_PRE(holds(input));
  const MinimisedInput small = Minimise(input, {}, holds, 100000);
  RC_ASSERT(holds(small.input));
  RC_ASSERT(Size(small.input) <= Size(input));
  RC_ASSERT(small.finished);
}

TEST(Minimise, ARowThatIsRepeatedBeginsWithItsSmallestCall) {
  const Sequence calls = {Text("c"), Text("a"), Text("b")};
  const auto repeats = [](const Sequence& trial) {
    std::string text;
    for (int i = 0; i < 2; ++i) {
      for (const Input& input : trial) text += input[0].text;
    }
    return trial.size() == 3 && text.find("abc") != std::string::npos;
  };
  EXPECT_EQ(Minimise(calls, repeats, 5000).calls, (Sequence{Text("a"), Text("b"), Text("c")}));
  const auto once = [](const Sequence& trial) { return trial == Sequence{Text("c"), Text("a"), Text("b")}; };
  EXPECT_EQ(Minimise(calls, once, 5000).calls, calls);
}

TEST(Minimise, FindsTheShortestSequence) {
  Sequence calls(40, Text("noise"));
  calls.insert(calls.begin() + 7, Text("open:xyz"));
  calls.insert(calls.begin() + 25, Text("subscribe twice"));
  // Leaks after an open that a subscribe follows.
  const auto holds = [](const Sequence& trial) {
    bool open = false;
    for (const Input& call : trial) {
      open |= Contains(call, "open");
      if (open && Contains(call, "sub")) return true;
    }
    return false;
  };
  const MinimisedSequence small = Minimise(calls, holds, 5000);
  EXPECT_EQ(small.calls, (Sequence{Text("open"), Text("sub")}));
  EXPECT_TRUE(small.finished);
  EXPECT_FALSE(Minimise(calls, holds, 3).finished);
}

}  // namespace
}  // namespace goleakstress::input
