#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "harness/experiment/ebh.h"
#include "harness/experiment/elementary.h"
#include "harness/experiment/random.h"

namespace goleakstress::experiment {
namespace {

TEST(ElementaryTest, AgreesWithTheCLibrary) {
  for (double x = -690; x < 690; x += 0.37) {
    ASSERT_NEAR(Exp(x) / std::exp(x), 1, 1e-13) << x;
    ASSERT_NEAR(Log(std::exp(x)), x, 1e-13 * std::max(1.0, std::abs(x))) << x;
  }
  for (double x :
       {1.0, 1 + 1e-15, 1 - 1e-15, 0.5, 0.70710678118654746, 0.70710678118654757, 2.0, 1e300, 1e-300}) {
    EXPECT_NEAR(Log(x), std::log(x), 1e-14 * std::max(1.0, std::abs(std::log(x)))) << x;
  }
  EXPECT_EQ(Log(1), 0);
  EXPECT_EQ(Exp(0), 1);
  EXPECT_GT(Exp(-1e9), 0);
  EXPECT_TRUE(std::isfinite(Exp(1e9)));
}

TEST(RandomTest, DrawsTheSameOnEveryCompiler) {
  Random random(42);
  EXPECT_EQ(random.Below(1000), 406u);
  EXPECT_EQ(random.Below(1), 0u);
  EXPECT_EQ(std::floor(random.Unit() * 1e6), 752145);
  const double weights[] = {1, 0, 2, 0.5};
  std::vector<size_t> drawn;
  for (int i = 0; i < 12; ++i) drawn.push_back(random.Weighted(weights));
  EXPECT_EQ(drawn, (std::vector<size_t>{0, 3, 0, 2, 2, 0, 2, 0, 2, 2, 2, 2}));
}

TEST(RandomTest, FollowsItsWeights) {
  Random random(7);
  const double weights[] = {28, 0, 6, 1};
  double count[4] = {};
  const int n = 200'000;
  for (int i = 0; i < n; ++i) ++count[random.Weighted(weights)];
  EXPECT_EQ(count[1], 0);
  for (int i : {0, 2, 3}) {
    const double p = weights[i] / 35, sd = std::sqrt(n * p * (1 - p));
    EXPECT_NEAR(count[i], n * p, 5 * sd) << i;
  }
}

TEST(EbhTest, RejectsTheLargestSetThatAgreesWithItself) {
  Random random(3);
  for (int round = 0; round < 2000; ++round) {
    const size_t m = 1 + random.Below(12);
    const double alpha = 0.01 + 0.5 * random.Unit(),
                 family = static_cast<double>(m) + (round % 2 ? 0.0 : 5.0);
    std::vector<double> log_e(m);
    for (double& v : log_e) v = std::floor(12 * random.Unit()) - 3;  // with ties
    // By definition: the largest set all of whose members have e >= family / (alpha size).
    size_t best = 0;
    uint32_t best_set = 0;
    for (uint32_t set = 1; set < (1u << m); ++set) {
      const auto size = static_cast<size_t>(__builtin_popcount(set));
      bool agrees = true;
      for (size_t i = 0; i < m; ++i) {
        if (set >> i & 1)
          agrees = agrees && log_e[i] >= std::log(family / (alpha * static_cast<double>(size)));
      }
      if (agrees && size > best) best = size, best_set = set;
    }
    const std::vector<bool> rejected = EBenjaminiHochberg(log_e, family, alpha);
    const std::vector<bool> more = EBenjaminiHochberg(log_e, family, alpha * 1.5);
    for (size_t i = 0; i < m; ++i) {
      EXPECT_EQ(rejected[i], static_cast<bool>(best_set >> i & 1));
      EXPECT_LE(rejected[i], more[i]) << "a laxer line rejects less";
    }
  }
  EXPECT_TRUE(EBenjaminiHochberg({}, 0, 0.05).empty());
}

}  // namespace
}  // namespace goleakstress::experiment
