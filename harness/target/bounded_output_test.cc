#include "harness/target/bounded_output.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace goleakstress::target {
namespace {

TEST(BoundedOutput, ShortTextIsKeptWhole) {
  BoundedOutput output(4, 3);
  output.Append("abcd");
  output.Append("efg");
  EXPECT_EQ(output.Text(), "abcdefg");
  EXPECT_EQ(output.dropped_bytes(), 0U);
}

TEST(BoundedOutput, TheMiddleIsReplacedByItsSize) {
  BoundedOutput output(2, 3);
  output.Append("ab-----xyz");
  EXPECT_EQ(output.Text(), "ab\n[5 bytes left out]\nxyz");
}

RC_GTEST_PROP(BoundedOutput, KeepsHeadAndTailHoweverTheTextComes, ()) {
  const size_t head = *rc::gen::inRange<size_t>(0, 20);
  const size_t tail = *rc::gen::inRange<size_t>(0, 20);
  const auto pieces = *rc::gen::arbitrary<std::vector<std::string>>();
  BoundedOutput output(head, tail);
  std::string all;
  for (const std::string& piece : pieces) {
    output.Append(piece);
    all += piece;
  }
  if (all.size() <= head + tail) {
    RC_ASSERT(output.Text() == all);
    RC_ASSERT(output.dropped_bytes() == 0U);
  } else {
    RC_ASSERT(output.Text().starts_with(all.substr(0, head)));
    RC_ASSERT(output.Text().ends_with(all.substr(all.size() - tail)));
    RC_ASSERT(output.dropped_bytes() == all.size() - head - tail);
  }
}

}  // namespace
}  // namespace goleakstress::target
