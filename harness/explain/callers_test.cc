#include "harness/explain/callers.h"

#include <gtest/gtest.h>

namespace goleakstress::explain {
namespace {

const CodeMap kCode = {.user_dirs = {"/src/app"}, .goroots = {"/go"}, .agent_package = "goleakstress/agent"};

Frame User(const std::string& function, int line) { return {"app." + function, "/src/app/app.go", line}; }

GrowingSite Grown(const char* kind, Stack stack, double rate) {
  GrowingSite grown;
  grown.site = {.family = Family::kHeap, .kind = kind, .stack = std::move(stack)};
  grown.driver = "call";
  grown.rate = rate;
  return grown;
}

Stack Callers(const std::vector<GrowingSite>& sites) {
  std::vector<size_t> members;
  for (size_t i = 0; i < sites.size(); ++i) members.push_back(i);
  const Stack stack = StackOfWhatStays(sites, members, 0, kCode);
  EXPECT_EQ(stack.front(), sites[0].site.stack.front());
  return {stack.begin() + 1, stack.end()};
}

// start(name) puts a span into a registry, and pay() forgets to end its own.
TEST(Callers, AreThoseOfTheObjectsThatStay) {
  const Stack pay = {User("pay", 30), User("Test", 50)}, release = {User("release", 40), User("Test", 50)};
  const auto in = [](int line, Stack callers) {
    callers.insert(callers.begin(), User("start", line));
    return callers;
  };
  std::vector<GrowingSite> sites = {Grown("entries", in(12, release), 1)};
  EXPECT_EQ(Callers(sites), release) << "nothing else is known";
  sites.push_back(Grown("objects", in(11, pay), 1));
  EXPECT_EQ(Callers(sites), pay);
  sites.push_back(Grown("objects", in(10, release), 0.2));
  EXPECT_EQ(Callers(sites), pay) << "now and then";
  sites.push_back(Grown("objects", {User("make", 3), User("release", 41)}, 2));
  EXPECT_EQ(Callers(sites), pay) << "another function";
  sites[2].rate = 1;
  EXPECT_EQ(Callers(sites), release) << "both stay";
  sites[0].site.kind = "bytes";
  sites.resize(2);
  EXPECT_EQ(Callers(sites), release) << "no map";
}

}  // namespace
}  // namespace goleakstress::explain
