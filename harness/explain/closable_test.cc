#include "harness/explain/closable.h"

#include <gtest/gtest.h>

#include <string>

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

bool Closes(std::string_view type) {
  return CanBeGivenUp(kPackage, type,
                      [](std::string_view other) { return other == "net.Conn" || other == "io.Closer"; });
}

TEST(CanBeGivenUp, ByAMethodOfItsOwn) {
  EXPECT_TRUE(Closes("Link"));
  EXPECT_TRUE(Closes("Pool"));
  EXPECT_FALSE(Closes("Named"));
  EXPECT_FALSE(Closes("Lin"));
  EXPECT_FALSE(Closes("Nobody"));
  EXPECT_FALSE(Closes(""));
}

TEST(CanBeGivenUp, ByOneOfTheInterface) {
  EXPECT_TRUE(Closes("Store"));
  EXPECT_FALSE(Closes("Reader"));
}

TEST(CanBeGivenUp, ByWhatItEmbeds) {
  EXPECT_TRUE(Closes("Conn"));
  EXPECT_TRUE(Closes("Tagged"));
  EXPECT_TRUE(Closes("Both"));
  EXPECT_FALSE(Closes("Locked"));
}

TEST(CanBeGivenUp, BrokenTextSaysNothing) {
  const auto none = [](std::string_view) { return false; };
  EXPECT_FALSE(CanBeGivenUp("\ntype Conn struct {", "Conn", none));
  EXPECT_FALSE(CanBeGivenUp("\nfunc (c *Conn", "Conn", none));
  EXPECT_FALSE(CanBeGivenUp("", "Conn", none));
}

}  // namespace
}  // namespace goleakstress::explain
