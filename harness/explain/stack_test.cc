#include "harness/explain/stack.h"

#include <gtest/gtest.h>

namespace goleakstress::explain {
namespace {

const CodeMap kCode = {
    .user_dirs = {"/src/app"}, .goroots = {"/go", "/cache/goroot"}, .agent_package = "goleakstress/agent"};

TEST(AsPrinted, HidesTypeArguments) {
  EXPECT_EQ(AsPrinted("a/b.(*Policy[go.shape.struct { x/y.T[int] }]).process.gowrap1"),
            "a/b.(*Policy[...]).process.gowrap1");
  EXPECT_EQ(AsPrinted("a/b.Map[...].func1"), "a/b.Map[...].func1");
  EXPECT_EQ(AsPrinted("main.main"), "main.main");
  EXPECT_EQ(AsPrinted("p.(*Sub[go.shape.int]).run.(*box[go.shape.int]).all.func1"),
            "p.(*Sub[...]).all.func1");
}

TEST(PackageOf, TakesTheImportPath) {
  EXPECT_EQ(PackageOf("main.main"), "main");
  EXPECT_EQ(PackageOf("net/http.(*Transport).dialConn.func3"), "net/http");
  EXPECT_EQ(PackageOf("example.com/a.b/c.F[go.shape.struct { x/y.T }].func1"), "example.com/a.b/c");
}

TEST(DeclaredFunction, CutsWhatTheCompilerMadeUp) {
  EXPECT_EQ(DeclaredFunction("example.com/app.Start.func1"), "example.com/app.Start");
  EXPECT_EQ(DeclaredFunction("example.com/app.(*T).Run.func1.2"), "example.com/app.(*T).Run");
  EXPECT_EQ(DeclaredFunction("app.Map[...].gowrap1"), "app.Map");
  EXPECT_EQ(DeclaredFunction("app.Each-range1"), "app.Each");
  EXPECT_EQ(DeclaredFunction("app.T.Close-fm"), "app.T.Close");
  EXPECT_EQ(DeclaredFunction("app.glob..func2"), "app.glob");
  // Go 1.27 names a closure that was inlined by all its functions: the first one declared it.
  EXPECT_EQ(DeclaredFunction("app.Outer.func1.1.Inner.1"), "app.Outer");
  EXPECT_EQ(DeclaredFunction("app.functional"), "app.functional");
}

TEST(CodeMap, KnowsWhoseAFrameIs) {
  EXPECT_EQ(kCode.OwnerOf({"app.F", "/src/app/f.go", 1}), Owner::kUser);
  EXPECT_EQ(kCode.OwnerOf({"x.F", "/src/app/vendor/x/f.go", 1}), Owner::kDependency);
  EXPECT_EQ(kCode.OwnerOf({"x.F", "/src/application/f.go", 1}), Owner::kDependency);
  EXPECT_EQ(kCode.OwnerOf({"net/http.Get", "/cache/goroot/src/net/http/client.go", 1}), Owner::kStandard);
  EXPECT_EQ(kCode.OwnerOf({"net/http.Get", "/elsewhere/goroot/src/net/http/client.go", 1}), Owner::kStandard);
  EXPECT_EQ(kCode.OwnerOf({"x.org/y.F", "/gopath/src/x.org/y/f.go", 1}), Owner::kDependency);
  EXPECT_EQ(kCode.OwnerOf({"main.main", "_testmain.go", 1}), Owner::kStandard);
  EXPECT_EQ(kCode.OwnerOf({"golang.org/x/sys/unix.Mmap", "/mod/golang.org/x/sys@v1/unix/mmap.go", 1}),
            Owner::kStandard);
  EXPECT_EQ(
      kCode.OwnerOf({"goleakstress/agent.control", "/cache/goroot/src/goleakstress/agent/control.go", 1}),
      Owner::kAgent);
}

TEST(TrimRoot, MakesTwoWaysToTheSameCodeOneSite) {
  const Stack user = {{"app.get", "/src/app/a.go", 3}, {"app.FuzzGet.func1", "/src/app/a_test.go", 9}};
  Stack by_fuzz = user;
  by_fuzz.push_back({"reflect.Value.Call", "/go/src/reflect/value.go", 1});
  by_fuzz.push_back({"testing.tRunner", "/go/src/testing/testing.go", 1});
  Stack by_agent = user;
  by_agent.push_back({"goleakstress/agent.(*worker).call", "/go/src/goleakstress/agent/worker.go", 1});
  by_agent.push_back({"runtime.goexit", "/go/src/runtime/asm.s", 1});
  EXPECT_EQ(TrimRoot(by_fuzz, kCode), user);
  EXPECT_EQ(TrimRoot(by_agent, kCode), user);
  EXPECT_FALSE(IsOwn(user, kCode));
}

TEST(TrimRoot, KeepsAStandardLibraryGoroutineWhole) {
  const Stack loop = {{"internal/poll.runtime_pollWait", "/go/src/runtime/netpoll.go", 1},
                      {"net/http.(*persistConn).readLoop", "/go/src/net/http/transport.go", 2}};
  Stack with_root = loop;
  with_root.push_back({"runtime.goexit", "/go/src/runtime/asm.s", 1});
  EXPECT_EQ(TrimRoot(with_root, kCode), loop);
}

TEST(TrimRoot, RecursionIsOneSiteHoweverDeep) {
  const auto at = [](const std::string& function, int line) {
    return Frame{function, "/src/app/a.go", line};
  };
  const Stack flat = {at("app.(*tree).put", 66), at("app.FuzzPut", 9)};
  EXPECT_EQ(TrimRoot({at("app.(*tree).put", 66), at("app.(*tree).put", 69), at("app.(*tree).put", 71),
                      at("app.FuzzPut", 9)},
                     kCode),
            flat);
  EXPECT_EQ(TrimRoot({at("app.(*tree).put", 66), at("app.walk", 4), at("app.(*tree).put", 71),
                      at("app.FuzzPut", 9)},
                     kCode),
            flat)
      << "through another function";
  const Stack leaf = {at("app.alloc", 2), at("app.(*tree).put", 66), at("app.FuzzPut", 9)};
  EXPECT_EQ(TrimRoot({leaf[0], leaf[1], at("app.(*tree).put", 69), leaf[2]}, kCode), leaf);
}

TEST(TrimRoot, LeavesOutWhatTheProbesAdd) {
  const Frame open = {"os.Open", "/go/src/os/file.go", 1}, user = {"app.F", "/src/app/a.go", 3};
  const Frame glue = {"syscall.goleakstressAfter", "/go/src/syscall/zz_goleakstress.go", 71};
  EXPECT_EQ(TrimRoot({glue, open, user}, kCode), (Stack{open, user}));
  EXPECT_EQ(TrimRoot({glue, open}, kCode), Stack{open});
  EXPECT_EQ(TrimRoot({open, {"testing.hook", "/go/src/testing/zz_goleakstress.go", 2}, user}, kCode),
            (Stack{open, user}));
  const Stack users = {{"example.com/goleakstress.F", "/src/app/zz_goleakstress.go", 3}};
  EXPECT_EQ(TrimRoot(users, kCode), users);
}

TEST(IsOwn, FindsTheAgentAboveTheUser) {
  const Stack waiting = {{"runtime.gopark", "/go/src/runtime/proc.go", 1},
                         {"goleakstress/agent.(*worker).loop", "/go/src/goleakstress/agent/worker.go", 1},
                         {"testing.(*M).Run", "/go/src/testing/testing.go", 1},
                         {"app.TestMain", "/src/app/a_test.go", 5}};
  EXPECT_TRUE(IsOwn(TrimRoot(waiting, kCode), kCode));
  EXPECT_TRUE(TrimRoot({{"runtime/pprof.(*Profile).WriteTo", "/go/src/runtime/pprof/pprof.go", 1},
                        {"goleakstress/agent.control", "/go/src/goleakstress/agent/control.go", 1},
                        {"runtime.goexit", "/go/src/runtime/asm.s", 1}},
                       kCode)
                  .empty());
  EXPECT_TRUE(IsOwn(
      TrimRoot({{"goleakstress/agent.control", "/go/src/goleakstress/agent/control.go", 1}}, kCode), kCode));
}

TEST(TakeAllocation, TellsTheRuntimesOwnFromTheProgramsAndContainersFromValues) {
  const Frame user = {"app.put", "/src/app/a.go", 3};
  const auto take = [&user](std::vector<std::string> leaf) {
    Stack stack;
    for (const std::string& function : leaf) stack.push_back({function, "/go/src/x.go", 1});
    stack.push_back(user);
    const Allocation allocation = TakeAllocation(&stack);
    EXPECT_EQ(stack, Stack{user});
    return allocation;
  };
  EXPECT_TRUE(take({"runtime.acquireSudog", "runtime.selectgo"}).by_runtime);
  EXPECT_TRUE(take({"runtime.malg", "runtime.newproc1", "runtime.newproc"}).by_runtime);
  EXPECT_FALSE(take({"runtime.mallocgc", "runtime.newobject"}).by_runtime);
  EXPECT_EQ(take({"runtime.growslice"}).container, "slice");
  EXPECT_EQ(
      take({"runtime.newarray", "internal/runtime/maps.newGroups", "runtime.mapassign_faststr"}).container,
      "map");
  EXPECT_EQ(take({"runtime.makechan"}).container, "");
  EXPECT_FALSE(take({}).by_runtime);
}

TEST(IsRuntimeOnly, IsAboutEveryFrame) {
  EXPECT_TRUE(IsRuntimeOnly(
      {{"runtime.malg", "/go/src/runtime/proc.go", 1}, {"internal/runtime/maps.newTable", "/go/x.go", 1}}));
  EXPECT_FALSE(
      IsRuntimeOnly({{"runtime.malg", "/go/src/runtime/proc.go", 1}, {"net/http.Get", "/go/x.go", 1}}));
}

TEST(Culprit, PrefersTheUserToADependency) {
  const Stack stack = {{"runtime.mallocgc", "/go/src/runtime/malloc.go", 1},
                       {"dep.New", "/mod/dep@v1/new.go", 2},
                       {"app.Open", "/src/app/open.go", 3}};
  ASSERT_NE(Culprit(stack, kCode), nullptr);
  EXPECT_EQ(Culprit(stack, kCode)->function, "app.Open");
  const Stack without_user(stack.begin(), stack.begin() + 2);
  EXPECT_EQ(Culprit(without_user, kCode)->function, "dep.New");
  EXPECT_EQ(Culprit({stack.front()}, kCode), nullptr);
}

}  // namespace
}  // namespace goleakstress::explain
