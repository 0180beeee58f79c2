#include "harness/input/dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace goleakstress::input {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Dictionary, TakesConstantsAndLeavesCommentsAndImports) {
  Dictionary dictionary;
  AddGoSource(R"go(
package app // "comment"
import "fmt"
import j "encoding/json"
import (
	"os" /* "block" */
	_ "net/http"
)
const magic = "LE\x41K"
type msg struct {
	Op string `json:"op,omitempty" xml:"operation"`
	Skip int `json:"-"`
}
func f(b byte) bool { return b == 'Q' || b == '\n' || len(s) > 0x1F4 || x == 1_000 || y == 1.5 }
)go",
              &dictionary);
  EXPECT_THAT(dictionary.words, ElementsAre("\n", "LEAK", "Q", "json:\"-\"",
                                            "json:\"op,omitempty\" xml:\"operation\"", "op", "operation"));
  EXPECT_THAT(dictionary.integers, ElementsAre(10, 81, 500, 1000));
}

TEST(Dictionary, KeepsWhatCameBeforeAnError) {
  Dictionary dictionary;
  AddGoSource("var a = \"one\"\nvar b = \"two", &dictionary);
  EXPECT_THAT(dictionary.words, ElementsAre("one"));
  AddGoSource("/* open", &dictionary);
  EXPECT_THAT(dictionary.words, ElementsAre("one"));
}

TEST(Dictionary, NamedTimeLayoutsAreDates) {
  Dictionary dictionary;
  AddGoSource("var a, _ = time.Parse(time.DateOnly, s); var b = my.RFC3339", &dictionary);
  EXPECT_THAT(dictionary.words, ElementsAre("2006-01-02"));
}

TEST(Dictionary, IsBounded) {
  Dictionary dictionary;
  std::string source = "var s = \"" + std::string(200, 'x') + "\"\n";
  for (int i = 0; i < 6000; ++i)
    source += "f(\"word" + std::to_string(i) + "\", " + std::to_string(i) + ")\n";
  AddGoSource(source, &dictionary);
  EXPECT_THAT(dictionary.words, SizeIs(Dictionary::kMaxWords));
  EXPECT_THAT(dictionary.integers, SizeIs(Dictionary::kMaxIntegers));
}

TEST(Dictionary, ReadsAPackage) {
  EXPECT_THAT(ReadPackageDictionary("corpora/fuzz_v1/make").words, Contains("日本語"));
  EXPECT_THAT(ReadPackageDictionary("/does/not/exist").words, IsEmpty());
}

RC_GTEST_PROP(Dictionary, NoSourceBreaksTheLexer, (const std::string& source)) {
  Dictionary dictionary;
  AddGoSource(source, &dictionary);
  RC_ASSERT(dictionary.words.size() <= Dictionary::kMaxWords);
}

}  // namespace
}  // namespace goleakstress::input
