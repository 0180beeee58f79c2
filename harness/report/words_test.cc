#include "harness/report/words.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace goleakstress::report {
namespace {

TEST(WordsTest, Thousands) {
  EXPECT_EQ(Thousands(0), "0");
  EXPECT_EQ(Thousands(999), "999");
  EXPECT_EQ(Thousands(8912), "8,912");
  EXPECT_EQ(Thousands(-1234567), "-1,234,567");
  EXPECT_EQ(Thousands(-123), "-123");
  EXPECT_EQ(Thousands(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(WordsTest, Bytes) {
  EXPECT_EQ(Bytes(0), "0 B");
  EXPECT_EQ(Bytes(0.5), "0.5 B");
  EXPECT_EQ(Bytes(240), "240 B");
  EXPECT_EQ(Bytes(1536), "1.5 KiB");
  EXPECT_EQ(Bytes(12.1 * 1024 * 1024), "12.1 MiB");
}

TEST(WordsTest, Duration) {
  EXPECT_EQ(Duration(0), "0s");
  EXPECT_EQ(Duration(-1), "0s");
  EXPECT_EQ(Duration(0.42), "0.4s");
  EXPECT_EQ(Duration(3), "3s");
  EXPECT_EQ(Duration(59.97), "1m");
  EXPECT_EQ(Duration(100), "1m40s");
  EXPECT_EQ(Duration(3725), "1h2m5s");
  EXPECT_EQ(Duration(5400), "1h30m");
  EXPECT_EQ(Duration(90000), "25h");
}

TEST(WordsTest, Amount) {
  EXPECT_EQ(Amount(1), "1.00");
  EXPECT_EQ(Amount(0.0166), "0.017");
  EXPECT_EQ(Amount(1234.4), "1,234");
  EXPECT_EQ(Amount(0), "0.00");
  EXPECT_EQ(Amount(1e20), "1e+20");
}

TEST(WordsTest, Count) {
  EXPECT_EQ(Count(1, "entry"), "1 entry");
  EXPECT_EQ(Count(2, "entry"), "2 entries");
  EXPECT_EQ(Count(0, "leak"), "0 leaks");
  EXPECT_EQ(Count(2, "process"), "2 processes");
}

TEST(WordsTest, RateText) {
  Finding finding;
  finding.set_class_("goroutine");
  finding.set_unit("goroutines");
  finding.set_rate_per_call(1);
  EXPECT_EQ(RateText(finding), "1.00 per call");
  finding.set_bytes_per_call(223);
  EXPECT_EQ(RateText(finding), "1.00 per call, 223 B");
  finding.set_unit("objects");
  finding.set_driver("key");
  EXPECT_EQ(RateText(finding), "1.00 objects, 223 B per distinct input");
  finding.set_unit("bytes");
  finding.set_driver("time");
  EXPECT_EQ(RateText(finding), "1 B per second");
  finding.set_unit("calls");
  EXPECT_EQ(RateText(finding), "100 % of calls");
}

TEST(WordsTest, ShortFunction) {
  EXPECT_EQ(ShortFunction("example.com/app/fetch.(*Client).Do.func1"), "fetch.(*Client).Do.func1");
  EXPECT_EQ(ShortFunction("main.main"), "main.main");
  EXPECT_EQ(ShortFunction("gopkg.in/yaml%2ev3.Unmarshal"), "yaml.Unmarshal");
  EXPECT_EQ(ShortFunction("example.com/go%2eutil.Do"), "go.util.Do");
  EXPECT_EQ(ShortFunction("github.com/x/go-cache/v7.(*InMemoryCache[...]).Set"),
            "go-cache.(*InMemoryCache[...]).Set");
  EXPECT_EQ(ShortFunction("github.com/x/tally/v4.NewScope.func1"), "tally.NewScope.func1");
  EXPECT_EQ(ShortFunction("example.com/v2.New"), "example.com.New");
  EXPECT_EQ(ShortFunction("example.com/app/v8engine.New"), "v8engine.New");
  EXPECT_EQ(ShortFunction("v7.New"), "v7.New");
  EXPECT_EQ(ShortFunction("a/b.Map[c/d.Key].Get"), "b.Map[c/d.Key].Get");
  EXPECT_EQ(ShortFunction("a/b.(*Map[c/d.Key]).Get"), "b.(*Map[c/d.Key]).Get");
}

TEST(WordsTest, PlacesInTheModuleCacheAreShownUnescaped) {
  Frame frame;
  frame.set_file("/home/ann/go/pkg/mod/github.com/!victoria!metrics/metrics@v1.2.3/set!.go");
  frame.set_line(7);
  EXPECT_EQ(PlaceOf(frame), "github.com/VictoriaMetrics/metrics@v1.2.3/set!.go:7");
  frame.set_file("a!b.go");
  EXPECT_EQ(PlaceOf(frame), "a!b.go:7");
}

TEST(WordsTest, WhatGrowsHasARate) {
  EXPECT_EQ(Amount(0.0032), "0.0032");
  EXPECT_EQ(Bytes(0.0032), "0.0032 B");
  Finding finding;
  finding.set_unit("objects");
  finding.set_rate_high(0.0032);
  EXPECT_EQ(RateText(finding), "at most 0.0032 objects per call");
  finding.set_unit("bytes");
  EXPECT_EQ(RateText(finding), "at most 0.0032 B per call");
}

TEST(WordsTest, Verdicts) {
  EXPECT_LT(SeverityOf("proven"), SeverityOf("leak"));
  EXPECT_LT(SeverityOf("clean"), SeverityOf("no such word"));
  EXPECT_TRUE(IsLeak("exhausted"));
  EXPECT_FALSE(IsLeak("growing"));
  EXPECT_FALSE(IsLeak("no such word"));
  EXPECT_TRUE(IsQuiet("plateaued"));
  EXPECT_FALSE(IsQuiet("delayed"));
}

}  // namespace
}  // namespace goleakstress::report
