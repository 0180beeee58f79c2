#include "harness/units.h"

#include <gtest/gtest.h>

namespace goleakstress {
namespace {

using namespace std::chrono_literals;

TEST(ParseDuration, ReadsGoDurations) {
  EXPECT_EQ(*ParseDuration("1h30m"), 90min);
  EXPECT_EQ(*ParseDuration("500ms"), 500ms);
  EXPECT_EQ(*ParseDuration("2.5s"), 2500ms);
  for (const char* bad : {"", "5", "s", "-1s", "1x", "1.2.3s", "99999999999999999999s"})
    EXPECT_FALSE(ParseDuration(bad).ok()) << bad;
}

TEST(ParseSize, ReadsBothKindsOfUnits) {
  EXPECT_EQ(*ParseSize("64MiB"), 64u << 20);
  EXPECT_EQ(*ParseSize("2GB"), 2000000000u);
  EXPECT_EQ(*ParseSize("4096"), 4096u);
  for (const char* bad : {"", "MiB", "-1", "1 MiB", "1Zi"}) EXPECT_FALSE(ParseSize(bad).ok()) << bad;
}

}  // namespace
}  // namespace goleakstress
