#include "harness/report/escape.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace goleakstress::report {
namespace {

TEST(OneLineTest, PlainTextStays) { EXPECT_EQ(OneLine("größe 世界 \\n \"x\""), "größe 世界 \\n \"x\""); }

TEST(OneLineTest, ControlsAndBrokenBytes) {
  EXPECT_EQ(OneLine("a\x1b[31m\n\r\t\x7f\xff" + std::string(1, '\0')), R"(a\x1b[31m\n\r\t\x7f\xff\x00)");
  EXPECT_EQ(OneLine("\xc2\x9b"), R"(\u009b)");  // C1: a terminal takes it for ESC [
  EXPECT_EQ(OneLine("\xe2\x80\xae\xef\xbb\xbf"), R"(\u202e\ufeff)");
  EXPECT_EQ(OneLine("\xc0\xaf"), R"(\xc0\xaf)");          // overlong
  EXPECT_EQ(OneLine("\xed\xa0\x80"), R"(\xed\xa0\x80)");  // surrogate
  EXPECT_EQ(OneLine("\xf4\x90\x80\x80"), R"(\xf4\x90\x80\x80)");
  EXPECT_EQ(OneLine("\xe4\xb8"), R"(\xe4\xb8)");  // ends early
}

TEST(OneLineTest, CutsAtACharacter) {
  EXPECT_EQ(OneLine("aaaa", 4), "aaaa");
  EXPECT_EQ(OneLine("aaaab", 4), "aaaa...");
  EXPECT_EQ(OneLine("äöü", 3), "äö...");
}

TEST(ManyLinesTest, KeepsLinesAndTellsWhatIsMissing) {
  EXPECT_EQ(ManyLines("a\r\n\tb\x1b\n\n"), "a\n\tb\\x1b");
  EXPECT_EQ(ManyLines("a\rb"), "a\\rb");
  EXPECT_EQ(ManyLines(std::string(100, 'x'), 10), "xxxxxxxxxx... (90 bytes more)");
}

TEST(ValidUtf8Test, ReplacesBrokenBytesOnly) { EXPECT_EQ(ValidUtf8("a\xff\x1b\nß"), "a\xef\xbf\xbd\x1b\nß"); }

TEST(ColumnsTest, WideCharactersTakeTwo) {
  EXPECT_EQ(ColumnsOf("aä世"), 4U);
  EXPECT_EQ(FitColumns("aä世x", 3), "aä");
  EXPECT_EQ(FitColumns("aä世x", 4), "aä世");
  EXPECT_EQ(FitColumns("", 4), "");
  EXPECT_EQ(FitColumns("abc", 0), "");
}

bool IsPrintable(std::string_view text) {
  while (!text.empty()) {
    const CodePoint c = DecodeFirst(text);
    if (!c.valid || c.value < 0x20 || (c.value >= 0x7f && c.value < 0xa0)) return false;
    text.remove_prefix(c.length);
  }
  return true;
}

RC_GTEST_PROP(OneLineTest, IsPrintableAndBounded, (const std::string& text)) {
  const std::string line = OneLine(text, 20);
  RC_ASSERT(IsPrintable(line));
  RC_ASSERT(line.size() <= 20U + 10 + 3);
}

RC_GTEST_PROP(OneLineTest, IsItsOwnEscape, (const std::string& text)) {
  const std::string line = OneLine(text, 1 << 20);
  RC_ASSERT(OneLine(line, 1 << 20) == line);
}

RC_GTEST_PROP(FitColumnsTest, FitsAndIsABeginning, (const std::string& text, uint8_t columns)) {
  const std::string line = OneLine(text);
  const std::string_view fitting = FitColumns(line, columns);
  RC_ASSERT(line.starts_with(fitting));
  RC_ASSERT(ColumnsOf(fitting) <= columns);
}

}  // namespace
}  // namespace goleakstress::report
