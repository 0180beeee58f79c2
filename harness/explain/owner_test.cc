#include "harness/explain/owner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
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

// A constructor that wraps what it dials in its line 5, and a file with these declarations behind it.
std::string Wrapper(const std::string& wrap, const std::string& method,
                    const std::string& results = "(*Conn, error)") {
  return "package p\n\nfunc dial(addr string) " + results +
         " {\n\tc, err := net.Dial(network, addr)\n\tif err != nil {\n\t\treturn nil, err\n\t}\n" + wrap +
         "}\n\n" + method + "\n\nfunc Ask() {\n\tc, err := dial(addr)\n";
}

std::set<std::string> Wraps(const std::string& source) { return WrappersOf(source, 4, source); }

TEST(WrappersOf, AConstructorHandsOnWhatItsTypeCanGiveUp) {
  const std::string close = "func (c *Conn) Close() { c.c.Close() }";
  const std::string literal = "\treturn &Conn{c, bufio.NewReader(c)}, nil\n";
  const std::set<std::string> conn = {"Conn"};
  EXPECT_EQ(Wraps(Wrapper(literal, close)), conn);
  EXPECT_EQ(Wraps(Wrapper("\tw := &Conn{\n\t\tc: c,\n\t}\n\tgo w.loop()\n\treturn w, nil\n", close)), conn);
  EXPECT_EQ(Wraps(Wrapper("\treturn &Conn{\n\t\tc: c,\n\t}, nil\n", close)), conn);
  EXPECT_EQ(Wraps(Wrapper("\treturn newConn(c), nil\n", "func (c Conn) stop() {}")), conn);
  EXPECT_TRUE(Wraps(Wrapper(literal, "func (c *Conn) Name() string { return c.n }")).empty());
  EXPECT_TRUE(Wraps(Wrapper(literal, "func (c *Other) Close() {}")).empty());
  EXPECT_TRUE(Wraps(Wrapper("\tb, _ := io.ReadAll(c)\n\treturn &Conn{b}, nil\n", close)).empty());
  EXPECT_TRUE(Wraps(Wrapper("\treturn &Conn{c.Name()}, nil\n", close)).empty());
}

TEST(WrappersOf, TheTypeMayStandInAnotherFile) {
  const std::string source = Wrapper("\treturn &Conn{c}, nil\n", "");
  EXPECT_EQ(WrappersOf(source, 4, source + "\n}\n\ntype Conn struct {\n\tnet.Conn\n}\n"),
            (std::set<std::string>{"Conn"}));
  EXPECT_TRUE(WrappersOf(source, 4, source + "\n}\n\ntype Conn struct {\n\tc net.Conn\n}\n").empty());
}

TEST(WrappersOf, AFunctionThatGivesItUpHandsItOn) {
  const std::string closure = "\treturn read(c), func() { c.Close() }\n";
  EXPECT_EQ(Wraps(Wrapper(closure, "", "(string, func())")), (std::set<std::string>{"func()"}));
  EXPECT_TRUE(Wraps(Wrapper("\treturn \"x\", func() {}\n", "", "(string, func())")).empty());
}

// The owner of a socket that the first function of the file dials, which the second one calls.
std::string OwnerOfSocket(const std::string& source, const std::string& kind = "fd.socket",
                          const std::string& opens = "net.Dial") {
  const int line = 4;
  const int called =
      2 +
      static_cast<int>(
          std::count(source.begin(), source.begin() + static_cast<long>(source.find("\nfunc Ask")), '\n')) +
      1;
  const Stack stack = {{opens, "/go/src/net/dial.go", 9},
                       {"app.dial", "/app/a.go", line},
                       {"app.Ask", "/app/a.go", called},
                       {"app.main", "/app/main.go", 9}};
  return OwnerOf(stack, &stack[1], kind, {.user_dirs = {"/app"}, .goroots = {"/go"}},
                 [&source](const std::string& path) { return path == "/app/a.go" ? source : ""; })
      ->function;
}

TEST(OwnerOf, WhoGetsItWrappedHasToCloseTheWrapper) {
  const std::string close = "func (c *Conn) Close() { c.c.Close() }";
  const std::string literal = "\treturn &Conn{c}, nil\n";
  EXPECT_EQ(OwnerOfSocket(Wrapper(literal, close) + "}\n"), "app.Ask");
  EXPECT_EQ(OwnerOfSocket(Wrapper("\tif bad {\n\t\treturn nil, errBad\n\t}\n" + literal, close) + "}\n"),
            "app.dial");
  EXPECT_EQ(OwnerOfSocket(Wrapper(literal, "") + "}\n"), "app.dial");
}

TEST(OwnerOf, TheFilesOfItsPackageTellWhetherAWrapperCloses) {
  const std::string source = Wrapper("\treturn &Conn{c}, nil\n", "") + "}\n";
  const Stack stack = {
      {"net.Dial", "/go/src/net/dial.go", 9}, {"app.dial", "/app/a.go", 4}, {"app.main", "/app/main.go", 9}};
  const auto owner = [&](const std::string& other_file) {
    return OwnerOf(stack, &stack[1], "fd.socket", {.user_dirs = {"/app"}, .goroots = {"/go"}},
                   [&](const std::string& path) {
                     if (path == "/app/") return source + "\n" + other_file;
                     return path == "/app/a.go" ? source : std::string();
                   })
        ->function;
  };
  EXPECT_EQ(owner("func (c *Conn) Close() error { return c.c.Close() }\n"), "app.main");
  EXPECT_EQ(owner("func (c *Conn) Name() string { return \"\" }\n"), "app.dial");
}

TEST(OwnerOf, WhoClosesTheWrapperHasDoneHis) {
  const std::string source = Wrapper("\treturn &Conn{c}, nil\n", "func (c *Conn) Close() {}");
  EXPECT_EQ(OwnerOfSocket(source + "\tdefer c.Close()\n}\n"), "app.dial");
  EXPECT_EQ(OwnerOfSocket(source + "\tif err != nil {\n\t\treturn\n\t}\n\tdefer c.Close()\n}\n"), "app.dial");
  EXPECT_EQ(OwnerOfSocket(source + "\tif bad {\n\t\treturn\n\t}\n\tdefer c.Close()\n}\n"), "app.Ask");
  EXPECT_EQ(
      OwnerOfSocket(source + "\tif err := c.Ask(); err != nil {\n\t\tt.Fatal(err)\n\t}\n\tc.Close()\n}\n"),
      "app.dial");
  EXPECT_EQ(OwnerOfSocket(source + "\tif err := c.Close(); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n"),
            "app.dial");
  EXPECT_EQ(OwnerOfSocket(source + "\tif done {\n\t\tc.Close()\n\t}\n}\n"), "app.Ask");
  EXPECT_EQ(OwnerOfSocket(source + "\tuse(c)\n}\n"), "app.Ask");
}

TEST(OwnerOf, WhoDropsTheStopOfAnAfterFuncKeepsIt) {
  const auto merge = [](const std::string& after, const std::string& rest) {
    return "package p\n\nfunc dial(a, b context.Context) (context.Context, context.CancelFunc) {\n\t" +
           after + "context.AfterFunc(b, end)\n" + rest +
           "}\n\nfunc Ask() {\n\tctx, cancel := dial(a, b)\n}\n";
  };
  const auto owner = [](const std::string& source) {
    return OwnerOfSocket(source, "context", "context.AfterFunc");
  };
  EXPECT_EQ(owner(merge("", "\treturn ctx, cancel\n")), "app.dial");
  EXPECT_EQ(owner(merge("stop := ", "\treturn ctx, func() {\n\t\t_ = stop\n\t\tcancel()\n\t}\n")),
            "app.dial");
  EXPECT_EQ(owner(merge("stop := ", "\treturn ctx, func() {\n\t\tstop()\n\t\tcancel()\n\t}\n")), "app.Ask");
}

}  // namespace
}  // namespace goleakstress::explain
