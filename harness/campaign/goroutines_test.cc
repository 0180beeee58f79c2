#include "harness/campaign/goroutines.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::campaign {
namespace {

constexpr char kWhole[] =
    "goroutine 7 [chan receive]:\n"
    "app.Start.func1()\n"
    "\t/src/app/app.go:9 +0x1d\n"
    "created by app.Start in goroutine 1\n"
    "\t/src/app/app.go:8 +0x5c\n";
// Cut between two lines.
constexpr char kCut[] =
    "\n"
    "goroutine 8 [chan receive]:\n"
    "app.Start.func1()\n"
    "\t/src/app/app.go:9 +0x1d\n";

TEST(GoroutinesTest, AGoroutineWhoseTextIsCutIsNoExample) {
  explain::CodeMap code;
  code.user_dirs = {"/src/app"};
  explain::GrowingSite grown;
  grown.site = {.family = explain::Family::kGoroutine, .stack = {{"app.Start.func1", "/src/app/app.go", 9}}};
  for (const std::string& text : {std::string(kWhole), std::string(kWhole) + kCut}) {
    const auto details = DescribeGoroutines(text, {grown}, code);
    ASSERT_EQ(details.size(), 1u);
    EXPECT_EQ(details[0].wait_reason, "chan receive");
    ASSERT_EQ(details[0].creators.size(), 1u) << text;
    EXPECT_EQ(details[0].creators[0].line, 8);
  }
}

}  // namespace
}  // namespace goleakstress::campaign
