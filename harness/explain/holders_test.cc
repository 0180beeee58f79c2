#include "harness/explain/holders.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::explain {
namespace {

// What holds the connection that the function dials in its first line.
Variables Holders(const std::string& statements) {
  const std::string source =
      "func Dial() (*Conn, error) {\n\tc, err := net.Dial(a, b)\n" + statements + "}\n";
  return HoldersOf(DeclarationAround(source, 2));
}

TEST(HoldersOf, WhatItIsMadePartOfHoldsIt) {
  EXPECT_EQ(Holders(""), (Variables{"c"}));
  EXPECT_EQ(Holders("\tw := &Conn{c}\n"), (Variables{"c", "w"}));
  EXPECT_EQ(Holders("\tw := &Conn{\n\t\tconn: c,\n\t}\n\tw.id = 3\n\tx := newX(w)\n"),
            (Variables{"c", "w", "x"}));
  EXPECT_EQ(Holders("\tw.conn = c\n"), (Variables{"c", "w", "w.conn"}));
  EXPECT_EQ(Holders("\tn, err := c.Read(buf)\n\tb, _ := io.ReadAll(c)\n\tbad := c == nil\n\tcc := 3\n"),
            (Variables{"c"}));
  EXPECT_EQ(Holders("\trwc := c.Body.(io.ReadWriteCloser)\n"), (Variables{"c", "rwc"}));
}

TEST(DealsWith, GivesItUpOrHandsItOver) {
  const Variables holders = {"c", "w", "cancel"};
  EXPECT_TRUE(DealsWith("\tc.Close()", holders));
  EXPECT_TRUE(DealsWith("\t_ = w.conn.Shutdown(ctx)", holders));
  EXPECT_TRUE(DealsWith("\tcancel()", holders));
  EXPECT_TRUE(DealsWith("\tdrain(c.Body)", holders));
  EXPECT_FALSE(DealsWith("\tio.Copy(w, c)", holders));
  EXPECT_FALSE(DealsWith("\tn := size(c)", holders));
  EXPECT_FALSE(DealsWith("\tc.Write(b)", holders));
}

}  // namespace
}  // namespace goleakstress::explain
