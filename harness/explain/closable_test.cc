#include "harness/explain/closable.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace goleakstress::explain {
namespace {

const std::string kPackage = R"go(package conns

type Conn struct {
	net.Conn
	Name string
}

type Link struct {
	c net.Conn // closed by Close
}

func (l *Link) Close() error { return l.c.Close() }

type Named struct {
	c net.Conn
}

func (n Named) Name() string { return "" }

type (
	Store interface {
		Get(key string) ([]byte, error)
		Close() error
	}

	Reader interface {
		Get(key string) ([]byte, error)
	}

	Tagged struct {
		*Pool[int] `json:"-"`
	}
)

type Pool[T any] struct {
	items []T
}

func (p *Pool[T]) Stop() {}

type Both interface {
	Reader
	io.Closer // of the file
}

type Locked struct {
	sync.Mutex
	*Locked
}
)go";

using Closers = std::vector<std::string_view>;

Closers Closes(std::string_view type) {
  return ClosersOf(kPackage, type,
                   [](std::string_view other) { return other == "net.Conn" || other == "io.Closer"; });
}

TEST(ClosersOf, ByAMethodOfItsOwn) {
  EXPECT_EQ(Closes("Link"), (Closers{"Close() error { return l.c.Close() }"}));
  EXPECT_EQ(Closes("Pool"), (Closers{"Stop() {}"}));
  EXPECT_TRUE(Closes("Named").empty());
  EXPECT_TRUE(Closes("Lin").empty());
  EXPECT_TRUE(Closes("Nobody").empty());
  EXPECT_TRUE(Closes("").empty());
}

TEST(ClosersOf, ByOneOfTheInterface) {
  EXPECT_EQ(Closes("Store"), (Closers{"Close() error"}));
  EXPECT_TRUE(Closes("Reader").empty());
}

TEST(ClosersOf, ByWhatItEmbeds) {
  EXPECT_EQ(Closes("Conn"), (Closers{"Close()"}));
  EXPECT_EQ(Closes("Tagged"), (Closers{"Stop() {}"}));
  EXPECT_EQ(Closes("Both"), (Closers{"Close()"}));
  EXPECT_TRUE(Closes("Locked").empty());
}

TEST(ClosersOf, BrokenTextSaysNothing) {
  const auto none = [](std::string_view) { return false; };
  EXPECT_TRUE(ClosersOf("\ntype Conn struct {", "Conn", none).empty());
  EXPECT_TRUE(ClosersOf("\nfunc (c *Conn", "Conn", none).empty());
  EXPECT_TRUE(ClosersOf("", "Conn", none).empty());
}

}  // namespace
}  // namespace goleakstress::explain
