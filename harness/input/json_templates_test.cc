#include "harness/input/json_templates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace goleakstress::input {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> Of(const std::string& types) {
  return JsonTemplates({"package p\nimport \"encoding/json\"\n" + types});
}

TEST(JsonTemplates, FollowTagsAndNesting) {
  EXPECT_THAT(
      Of(R"go(
type order struct {
	ID       int64 `json:"id,omitempty"`
	Customer *customer
	Lines    []struct {
		SKU string `json:"sku"` // stock
		N   uint8
	} `json:"lines"`
	Extra    map[string][]float64
	Raw      []byte
	When     time.Time
	hidden   int
	Skipped  string `json:"-"`
	Any      interface{ Foo() }
	F        func(a int) error `json:"f"`
}

type customer struct{ Name, Mail string; Active bool }
)go"),
      ElementsAre(R"({"id":0,"Customer":{"Name":"","Mail":"","Active":true},"lines":[{"sku":"","N":0}],)"
                  R"("Extra":{"k":[0]},"Raw":"","When":"2006-01-02T15:04:05Z","Any":null,"f":null})",
                  R"({"Name":"","Mail":"","Active":true})"));
}

TEST(JsonTemplates, TakeEmbeddedAndAnonymousStructs) {
  EXPECT_THAT(Of(R"go(
type base struct { Kind string `json:"kind"` }
func f(b []byte) {
	var m struct {
		base
		Body struct {
			Op string `json:"op"`
		} `json:"body"`
	}
	_ = json.Unmarshal(b, &m)
}
)go"),
              ElementsAre(R"({"kind":""})", R"({"kind":"","body":{"op":""}})"));
}

TEST(JsonTemplates, EndForTypesThatHoldThemselves) {
  const std::vector<std::string> templates =
      Of("type node struct {\n\tNext *node `json:\"next\"`\n\tV int\n}\n");
  ASSERT_THAT(templates, SizeIs(1));
  EXPECT_LT(templates[0].size(), 200u);
}

TEST(JsonTemplates, OnlyOfFilesThatUseJson) {
  EXPECT_THAT(JsonTemplates({"package p\ntype t struct { A int }\n"}), IsEmpty());
}

TEST(JsonTemplates, AreBounded) {
  std::string types;
  for (int i = 0; i < 300; ++i)
    types += "type t" + std::to_string(i) + " struct { F" + std::to_string(i) + " int }\n";
  EXPECT_THAT(Of(types), SizeIs(kMaxTemplates));
}

RC_GTEST_PROP(JsonTemplates, NoSourceBreaksTheParser, (const std::vector<uint8_t>& words)) {
  static constexpr const char* kWords[] = {"type ", "t ",      "struct ",      "{",    "}", "[", "]",
                                           "*",     "map",     "interface",    "func", "(", ")", "\n",
                                           ",",     "string ", "`json:\"x\"`", ".",    ";", "T "};
  std::string source = "type t struct {";
  for (uint8_t word : words) source += kWords[word % std::size(kWords)];
  for (const std::string& text : Of(source)) RC_ASSERT(text.size() <= kMaxTemplateBytes);
}

}  // namespace
}  // namespace goleakstress::input
