#include "harness/explain/lock_taker.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace goleakstress::explain {
namespace {

const CodeMap kCode{.user_dirs = {"/app"}, .goroots = {"/go"}};
const Stack kTook = {{"sync.(*Mutex).Lock", "/go/src/sync/mutex.go", 46},
                     {"app.(*Table).Load", "/app/table.go", 36},
                     {"app.Test", "/app/table_test.go", 9}};

std::string Words(const LockTaker& taker) {
  return InWords(taker, kCode, [](const Frame& frame) {
    return fmt::format("{}:{}", frame.file.substr(frame.file.rfind('/') + 1), frame.line);
  });
}

TEST(LockTaker, IsSaidToBeWhatItIsNow) {
  const std::string lock = "the lock taken at table.go:36 in app.(*Table).Load by ";
  EXPECT_EQ(Words({.took = kTook}), lock + "a goroutine that has ended");
  EXPECT_EQ(Words({.took = kTook, .same = true, .state = "sync.Mutex.Lock"}), lock + "the same goroutine");
  const Stack at = {{"runtime.gopark", "/go/src/runtime/proc.go", 1}, {"app.send", "/app/send.go", 4}};
  EXPECT_EQ(Words({.took = kTook, .state = "chan send", .at = at}),
            lock + "a goroutine that waits in chan send at send.go:4");
  EXPECT_EQ(Words({.took = kTook, .state = "runnable", .at = at}),
            lock + "a goroutine that still runs at send.go:4");
}

TEST(LockTaker, ForgotItWhereItHasEnded) {
  const LockTaker ended = {.took = kTook};
  const Frame* const forgot = WhoForgotIt(ended, kCode);
  ASSERT_NE(forgot, nullptr);
  EXPECT_EQ(forgot->line, 36);
  EXPECT_EQ(WhoForgotIt({.took = kTook, .same = true}, kCode), nullptr);
  EXPECT_EQ(WhoForgotIt({.took = kTook, .state = "chan send"}, kCode), nullptr);
  EXPECT_EQ(WhoForgotIt({.took = {{"lib.Get", "/mod/lib/get.go", 5}}}, kCode), nullptr) << "of a library";
  EXPECT_EQ(WhoForgotIt({}, kCode), nullptr);
}

TEST(LockTaker, MayBeALibraryAndNotKnown) {
  const Stack once = {{"sync.(*Once).doSlow", "/go/src/sync/once.go", 70}, {"lib.Get", "/mod/lib/get.go", 5}};
  EXPECT_EQ(Words({.took = once, .same = true}),
            "the lock taken at get.go:5 in lib.Get by the same goroutine");
  EXPECT_EQ(Words({.took = {once.front()}}), "");
  EXPECT_EQ(Words({}), "");
}

}  // namespace
}  // namespace goleakstress::explain
