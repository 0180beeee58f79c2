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
