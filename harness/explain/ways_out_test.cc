#include "harness/explain/ways_out.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::explain {
namespace {

// A function that dials in its second line, with these statements behind the check of the error.
bool Forgets(const std::string& statements, const std::string& dial =
                                                "\tconn, err := net.Dial(network, address)\n"
                                                "\tif err != nil {\n\t\treturn nil, err\n\t}\n") {
  return ForgetsItOnReturn("package p\n\nfunc Connect() (net.Conn, error) {\n" + dial + statements +
                               "\treturn conn, nil\n}\n\nfunc Other() error {\n\treturn nil\n}\n",
                           4);
}

TEST(ForgetsItOnReturn, AWayWithoutCloseIsToldFromOneWith) {
  EXPECT_FALSE(Forgets(""));
  EXPECT_TRUE(Forgets("\tif !greet(conn) {\n\t\treturn nil, errRefused\n\t}\n"));
  EXPECT_TRUE(Forgets("\tif conn.Bad() {\n\t\treturn nil, fmt.Errorf(\"no: %s\", conn.Name)\n\t}\n"));
  EXPECT_FALSE(Forgets("\tif !greet(conn) {\n\t\tconn.Close()\n\t\treturn nil, errRefused\n\t}\n"));
  EXPECT_FALSE(
      Forgets("\tif bad {\n\t\t_ = conn.Body.Close()\n\t\tif verbose {\n\t\t\tlog.Print(\"bad\")\n\t\t}\n"
              "\t\treturn nil, errRefused\n\t}\n"));
  EXPECT_FALSE(Forgets("\tif bad {\n\t\treturn nil, giveUp(conn, errRefused)\n\t}\n"));
  EXPECT_FALSE(Forgets("\tif bad {\n\t\tdrain(conn.Body)\n\t\treturn nil, errRefused\n\t}\n"));
  EXPECT_TRUE(Forgets(
      "\tif bad {\n\t\tio.ReadAll(io.LimitReader(conn.Body, 512))\n\t\treturn nil, nil, errRefused\n\t}\n"));
  EXPECT_FALSE(
      Forgets("\tdefer func() {\n\t\tif failed {\n\t\t\tconn.Close()\n\t\t}\n\t}()\n"
              "\tif bad {\n\t\treturn nil, errRefused\n\t}\n"));
}

TEST(ForgetsItOnReturn, WhatALoopDoesBeforeItGoesOnIsNotDoneWhenItIsLeft) {
  const std::string source =
      "func Do() (*http.Response, error) {\n\tfor {\n\t\tresp, err = client.Do(req)\n\n\t\tif good(err) {\n"
      "\t\t\tbreak\n\t\t}\n\t\tif err == nil {\n\t\t\tdrain(resp.Body)\n\t\t}\n\t\tselect {\n"
      "\t\tcase <-done:\n\t\t\treturn nil, errDone\n\t\tcase <-timer.C:\n\t\t}\n\t}\n";
  EXPECT_FALSE(ForgetsItOnReturn(source + "\tif err == nil {\n\t\treturn resp, nil\n\t}\n\tif resp != nil {\n"
                                          "\t\tdrain(resp.Body)\n\t}\n\treturn nil, err\n}\n",
                                 3));
  EXPECT_TRUE(ForgetsItOnReturn(source + "\tdefer client.CloseIdleConnections()\n\tif handler != nil "
                                         "{\n\t\treturn handler(resp, err)\n\t}\n\treturn nil, err\n}\n",
                                3));
}

TEST(ForgetsItOnReturn, WhatIsClosedOnOneWayIsNotOnAnother) {
  const std::string closed =
      "\tif err := conn.Add(dir); err != nil {\n\t\tconn.Close()\n\t\treturn nil, err\n\t}\n";
  EXPECT_FALSE(Forgets(closed));
  EXPECT_TRUE(Forgets(closed + "\tif err := load(); err != nil {\n\t\treturn nil, err\n\t}\n"));
  EXPECT_FALSE(Forgets("\tif bad {\n\t\tconn.Close()\n\t}\n\tif bad {\n\t\treturn nil, errBad\n\t}\n"));
}

TEST(ForgetsItOnReturn, ACheckInTheLineItselfIsNone) {
  const std::string dial =
      "\tif conn, err = net.Dial(network, address); err != nil {\n\t\treturn nil, err\n\t}\n";
  EXPECT_FALSE(Forgets("", dial));
  EXPECT_TRUE(Forgets("\tif bad {\n\t\treturn nil, err\n\t}\n", dial));
}

TEST(ForgetsItOnReturn, NothingIsSaidWithoutAVariable) {
  EXPECT_FALSE(Forgets("\treturn nil, err\n", "\treturn net.Dial(network, address)\n"));
  EXPECT_FALSE(ForgetsItOnReturn("", 3));
  EXPECT_FALSE(ForgetsItOnReturn("func broken() {\n\tc, err := open()\n", 2));
}

TEST(ForgetsItOnReturn, WhatHoldsItIsClosedForIt) {
  const std::string wrap = "\tw := &Conn{conn}\n";
  EXPECT_TRUE(Forgets(wrap + "\tif bad {\n\t\treturn nil, errBad\n\t}\n"));
  EXPECT_FALSE(Forgets(wrap + "\tif bad {\n\t\tw.Close()\n\t\treturn nil, errBad\n\t}\n"));
}

// A function that dials in a loop, with these statements behind that.
bool LosesATry(const std::string& body, const std::string& loop = "for range 3 {",
               const std::string& check = "\t\tif err != nil {\n\t\t\tcontinue\n\t\t}\n") {
  return ForgetsItOnNextTurn(
      "package p\n\nfunc Open() (net.Conn, error) {\n\tvar c net.Conn\n\tvar err error\n\t" + loop +
          "\n\t\tc, err = net.Dial(network, address)\n" + check + body + "\t}\n\treturn c, err\n}\n",
      7);
}

TEST(ForgetsItOnNextTurn, ATryThatIsNotReturnedHasToBeClosed) {
  const std::string good = "\t\tif good(c) {\n\t\t\treturn c, nil\n\t\t}\n";
  EXPECT_TRUE(LosesATry(good));
  EXPECT_TRUE(
      LosesATry("\t\tif _, err = c.Read(b); err == nil && b[0] == 'y' {\n\t\t\treturn c, nil\n\t\t}\n"));
  EXPECT_TRUE(LosesATry("\t\tif busy(c) {\n\t\t\tcontinue\n\t\t}\n\t\treturn c, nil\n"));
  EXPECT_TRUE(LosesATry("\t\tif bad {\n\t\t\tc.Close()\n\t\t\tcontinue\n\t\t}\n" + good));
  EXPECT_TRUE(
      LosesATry("\t\tif _, err := c.Read(b); err != nil {\n\t\t\tcontinue\n\t\t}\n\t\treturn c, nil\n"));
  EXPECT_FALSE(LosesATry("\t\treturn c, nil\n"));
  EXPECT_FALSE(LosesATry("\t\tbreak\n"));
  EXPECT_FALSE(LosesATry(good + "\t\tc.Close()\n"));
  EXPECT_FALSE(LosesATry(good + "\t\tdrain(c.Body)\n"));
  EXPECT_FALSE(LosesATry("\t\tconns = append(conns, c)\n"));
  EXPECT_FALSE(LosesATry("\t\tdefer c.Close()\n"));
  EXPECT_FALSE(LosesATry("\t\tif busy(c) {\n\t\t\tc.Close()\n\t\t\tcontinue\n\t\t}\n\t\treturn c, nil\n"));
}

TEST(ForgetsItOnNextTurn, WhereOpeningItFailedThereIsNothingToClose) {
  const std::string wait = "\t\ttime.Sleep(time.Second)\n";
  EXPECT_FALSE(LosesATry("\t\tif err == nil {\n\t\t\treturn c, nil\n\t\t}\n" + wait, "for {", ""));
  EXPECT_TRUE(LosesATry("\t\tif err == nil && good {\n\t\t\treturn c, nil\n\t\t}\n" + wait, "for {", ""));
  EXPECT_FALSE(LosesATry(wait, "for err != nil {", ""));
  EXPECT_FALSE(LosesATry(wait, "for c == nil {", ""));
  EXPECT_FALSE(LosesATry("\t\treturn c, err\n", "for {",
                         "\t\tif err != nil && temporary(err) {\n\t\t\tcontinue\n\t\t}\n"));
}

TEST(ForgetsItOnNextTurn, OutsideOfALoopThereIsNone) {
  EXPECT_FALSE(LosesATry("\t\tuse(c.Name)\n", "if again {"));
  EXPECT_FALSE(ForgetsItOnNextTurn("", 3));
}

constexpr char kCached[] = R"go(package p

func (s *Set) File(job string) (*os.File, error) {
	if f := s.files[job]; f != nil {
		return f, nil
	}
	f, err := os.Open(job)
	if err != nil {
		return nil, err
	}
	s.files[job] = f
	return f, nil
}

func (s *Set) Conn(addr string) (*Conn, error) {
	if c, ok := s.conns.Load(addr); ok {
		return c.(*Conn), nil
	}
	c, err := dial(addr)
	s.conns.Store(addr, &Conn{c})
	return c, err
}

func (s *Set) New(job string) *os.File {
	f, _ := os.Open(job)
	s.files[job] = f
	return f
}
)go";

TEST(KeepsForNextTime, WhereItLookedForItBefore) {
  EXPECT_TRUE(KeepsForNextTime(kCached, 7));
  EXPECT_TRUE(KeepsForNextTime(kCached, 19));
  EXPECT_FALSE(KeepsForNextTime(kCached, 25)) << "its caller may close it, which takes it out";
  EXPECT_FALSE(KeepsForNextTime("", 3));
}

}  // namespace
}  // namespace goleakstress::explain
