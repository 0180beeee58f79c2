#include "harness/explain/release.h"

#include <gtest/gtest.h>

#include <string>

namespace goleakstress::explain {
namespace {

const std::string kLibrary = R"go(// Package cron runs jobs.
package cron // import "example.com/cron"

type Cron struct{ stop chan bool }

func New() *Cron {
	return &Cron{}
}

func (c *Cron) Start() {
	go c.run()
}

func (c *Cron) Stop(ctx context.Context) error { return nil }

func (c *Cron) StopJob(id int) {}

func (c *Cron) Watch(id int) (*Watch, error) {
	go c.watch()
}

type Watch struct{}

func (w *Watch) release() {}

func (w *Watch) Cancel() {}

func Do(f func()) error {
	go f()
}
)go";

const std::string kApp = R"go(package app

type App struct{ c *cron.Cron }

func (a *App) Close() { a.c.Stop(nil) }

func Open() *App {
	c := cron.New()
	c.Start()
	return &App{c}
}

func TestOpen(t *testing.T) {
	a := Open()
	use(a)
}

func TestClose(t *testing.T) {
	a := Open()
	defer a.Close()
}

func start() {
	go loop()
}
)go";

std::string Read(const std::string& path) {
  if (path == "/mod/cron/cron.go") return kLibrary;
  return path == "/app/app.go" ? kApp : "";
}

Frame Library(const std::string& function, int line) {
  return {"example.com/cron/v3." + function, "/mod/cron/cron.go", line};
}
Frame App(const std::string& function, int line) { return {"app." + function, "/app/app.go", line}; }

Release Of(const Stack& chain, size_t culprit) {
  return ReleaseOf(chain, &chain[culprit], {.user_dirs = {"/app"}, .goroots = {"/go"}}, Read);
}
std::string How(const Stack& chain, size_t culprit) { return Of(chain, culprit).how; }

TEST(ReleaseOf, AMethodOfWhatTheCalledFunctionReturns) {
  EXPECT_EQ(How({Library("New", 7), App("Open", 8)}, 1), "Stop() of what cron.New returns");
  EXPECT_EQ(How({Library("(*Cron).watch", 2), Library("(*Cron).Watch", 19), App("Open", 9)}, 2),
            "Cancel() of what Watch returns");
}

TEST(ReleaseOf, OfTheReceiverOfWhatStartsIt) {
  EXPECT_EQ(How({Library("(*Cron).Start", 11), App("Open", 9)}, 1), "Stop() of its *cron.Cron");
}

TEST(ReleaseOf, OfWhatALibraryStartsWhenItIsNeededTheReceiverTells) {
  const Stack lazily = {Library("(*Cron).Watch", 18), Library("Do", 30), App("Open", 9)};
  EXPECT_EQ(How(lazily, 2), "");
  EXPECT_EQ(ReleaseOf(lazily, &lazily[2], {.user_dirs = {"/app"}, .goroots = {"/go"}}, Read, true).how,
            "Stop() of its *cron.Cron");
}

TEST(ReleaseOf, WhoRunsTheGoStatementMayBeAConstructor) {
  EXPECT_EQ(How({App("Open", 9), App("TestOpen", 14)}, 0), "Close() of what app.Open returns");
  const Stack constructed = {App("Open", 9), App("TestOpen", 14)};
  EXPECT_FALSE(Of(constructed, 0).done);
  EXPECT_EQ(Of(constructed, 0).call, &constructed[1]);
  EXPECT_TRUE(Of({App("Open", 9), App("TestClose", 19)}, 0).done);
  EXPECT_EQ(How({App("TestOpen", 14)}, 0), "");
  // What is not exported is the inside of a constructor.
  EXPECT_EQ(How({App("start", 24), App("Open", 9), App("TestOpen", 14)}, 0),
            "Close() of what app.Open returns");
  EXPECT_EQ(How({App("Start", 24), App("Open", 9), App("TestOpen", 14)}, 0), "");
}

TEST(ReleaseOf, NothingIsSaidWhereTheSourceSaysNothing) {
  EXPECT_EQ(How({Library("Do", 30), App("Open", 8)}, 1), "");
  EXPECT_EQ(How({Library("New.func1", 7), App("Open", 8)}, 1), "");
  EXPECT_EQ(How({Library("Renamed", 7), App("Open", 8)}, 1), "");
  EXPECT_EQ(How({{"gone.New", "/gone.go", 3}, App("Open", 8)}, 1), "");
  EXPECT_EQ(ReleaseOf({}, nullptr, {}, Read).how, "");
}

}  // namespace
}  // namespace goleakstress::explain
