#include "harness/report/rule_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/report/rules.h"

namespace goleakstress::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RulePage, EveryRuleHasAPageWithTwoExamples) {
  for (const Rule& rule : Rules()) {
    const auto page = RulePage(rule.id);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_THAT(*page, HasSubstr(std::string(rule.id) + "  " + std::string(rule.title) + "\n"));
    const size_t leaks = page->find("\nleaks:\n\n    "), repaired = page->find("\nrepaired:\n\n    ");
    EXPECT_LT(leaks, repaired) << *page;
    EXPECT_NE(repaired, std::string::npos) << *page;
    EXPECT_THAT(*page, Not(HasSubstr("import")));
    EXPECT_THAT(*page, Not(HasSubstr("\t")));
    EXPECT_THAT(RuleList(), HasSubstr(std::string(rule.id)));
  }
}

TEST(RulePage, TakesTheIdOfAFindingInAnyCase) {
  EXPECT_EQ(*RulePage("gls003-0a1b2c3d"), *RulePage("GLS003"));
  EXPECT_THAT(*RulePage("GLS003"), HasSubstr("one entry for every url there ever was"));
}

TEST(RulePage, UnknownIdsAreErrors) {
  for (const char* id : {"", "GLS", "GLS999", "GLS03", "-"}) EXPECT_FALSE(RulePage(id).ok()) << id;
}

}  // namespace
}  // namespace goleakstress::report
