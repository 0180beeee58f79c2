#include "harness/explain/owner.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::explain {
namespace {

const std::string kSource = R"go(package client

type Client struct{}

func (c *Client) Do(req *http.Request) (*http.Response, error) {
	return c.http.Do(req)
}

func (c *Client) Get(
	url string,
	options ...func(*Options) error,
) (
	resp *http.Response,
	err error,
) {
	return c.Do(nil)
}

func Fetch[T any](url string) T {
	resp, _ := client.Get(url)
	return decode[T](resp)
}

func open(name string) *os.File {
	f, _ := os.Open(name)
	return f
}

func ping() { open("x") }
)go";

TEST(DeclaredResults, AreReadFromTheSource) {
  EXPECT_EQ(DeclaredResults(kSource, 6), "(*http.Response, error)");
  EXPECT_EQ(DeclaredResults(kSource, 16), "(\n\tresp *http.Response,\n\terr error,\n)");
  EXPECT_EQ(DeclaredResults(kSource, 20), "T ");
  EXPECT_EQ(DeclaredResults(kSource, 25), "*os.File ");
  EXPECT_EQ(DeclaredResults(kSource, 29), "");
  EXPECT_EQ(DeclaredResults(kSource, 3), "");
  EXPECT_EQ(DeclaredResults("", 1), "");
  EXPECT_EQ(DeclaredResults("func broken(", 1), "");
}

TEST(HandsOn, TheTypeOfTheResourceTells) {
  EXPECT_TRUE(HandsOn("http.body", "(*http.Response, error)"));
  EXPECT_TRUE(HandsOn("http.body", "(io.ReadCloser, error)"));
  EXPECT_FALSE(HandsOn("http.body", "([]byte, error)"));
  EXPECT_FALSE(HandsOn("http.body", "(http.ResponseWriter, error)"));
  EXPECT_FALSE(HandsOn("http.body", "(myhttp.Response, error)"));
  EXPECT_TRUE(HandsOn("fd.file", "*os.File"));
  EXPECT_FALSE(HandsOn("sql.rows", "*os.File"));
  EXPECT_TRUE(HandsOn("context", "(context.Context, func())"));
  EXPECT_FALSE(HandsOn("no.such.kind", "*os.File"));
}

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

class OwnerTest : public testing::Test {
 protected:
  const Frame* Owner(const Stack& stack, const Frame* acquirer) {
    return OwnerOf(
        stack, acquirer, "http.body", {.user_dirs = {"/app"}, .goroots = {"/go"}},
        [](const std::string& path) { return path == "/app/client.go" ? kSource : std::string(); });
  }
};

TEST_F(OwnerTest, WhoReturnsItHandsItOn) {
  const Stack stack = {{"net/http.(*Client).Do", "/go/src/net/http/client.go", 600},
                       {"app.(*Client).Do", "/app/client.go", 6},
                       {"app.(*Client).Get", "/app/client.go", 16},
                       {"app.Fetch", "/app/client.go", 20},
                       {"app.main", "/app/main.go", 9}};
  EXPECT_EQ(Owner(stack, &stack[1]), &stack[3]);
}

TEST_F(OwnerTest, TheLastOfTheUserKeepsIt) {
  const Stack stack = {{"app.(*Client).Do", "/app/client.go", 6}};
  EXPECT_EQ(Owner(stack, &stack[0]), &stack[0]);
}

TEST_F(OwnerTest, AClosureKeepsIt) {
  const Stack stack = {{"app.(*Client).Do.func1", "/app/client.go", 6}, {"app.main", "/app/main.go", 9}};
  EXPECT_EQ(Owner(stack, &stack[0]), &stack[0]);
}

TEST_F(OwnerTest, WithoutSourceTheAcquirerIsNamed) {
  const Stack stack = {{"app.Do", "/app/gone.go", 6}, {"app.main", "/app/main.go", 9}};
  EXPECT_EQ(Owner(stack, &stack[0]), &stack[0]);
  EXPECT_EQ(Owner(stack, nullptr), nullptr);
}

}  // namespace
}  // namespace goleakstress::explain
