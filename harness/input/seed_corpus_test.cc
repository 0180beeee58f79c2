#include "harness/input/seed_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "harness/input/file_bytes.h"

namespace goleakstress::input {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SeedCorpusTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(directory_); }
  void Write(const std::string& name, std::string_view contents) {
    ASSERT_TRUE(WriteFileAtomically(directory_ + "/" + name, contents).ok());
  }
  std::string directory_ = testing::TempDir() + "seeds." + std::to_string(getpid());
};

Input Number(uint64_t number) { return {BitsValue(Kind::kInt, number)}; }

TEST_F(SeedCorpusTest, ReadsSortedWithoutDuplicatesAndCountsTheRest) {
  Write("b", "go test fuzz v1\nint(2)\n");
  Write("a", "go test fuzz v1\nint(1)\n");
  Write("c", "go test fuzz v1\n int( 0x2 )\n");
  Write("d", "go test fuzz v1\nstring(\"x\")\n");
  Write("e", "hello");
  Write("README.md", "what lies here");
  Write(".hidden", "x");
  std::filesystem::create_directory(directory_ + "/sub");
  std::filesystem::create_symlink("/dev/zero", directory_ + "/zero");
  const SeedCorpus corpus = ReadSeeds({directory_, "/does/not/exist"}, {Kind::kInt});
  EXPECT_THAT(corpus.inputs, ElementsAre(Number(1), Number(2)));
  EXPECT_EQ(corpus.files, 6u);
  EXPECT_EQ(corpus.left_out, 3u);
  ASSERT_THAT(corpus.rejected, SizeIs(3));
  EXPECT_THAT(corpus.rejected[0], HasSubstr("d: has other arguments than the entry: string(\"x\")"));
  EXPECT_THAT(corpus.rejected[2], HasSubstr("no regular file"));
}

TEST_F(SeedCorpusTest, RawFilesAreTheOneTextArgument) {
  Write("raw", "he\0llo");
  EXPECT_THAT(ReadSeeds({directory_}, {Kind::kBytes}).inputs,
              ElementsAre(Input{TextValue(Kind::kBytes, "he")}));
  EXPECT_THAT(ReadSeeds({directory_}, {Kind::kBytes, Kind::kInt}).inputs, IsEmpty());
}

TEST_F(SeedCorpusTest, NamesFilesAsGoDoes) {
  const SeedCorpus real =
      ReadSeeds({"corpora/fuzz_v1/files"},
                {Kind::kString, Kind::kBytes, Kind::kBool, Kind::kInt, Kind::kInt8, Kind::kInt16,
                 Kind::kInt32, Kind::kInt64, Kind::kUint, Kind::kUint8, Kind::kUint16, Kind::kUint32,
                 Kind::kUint64, Kind::kFloat32, Kind::kFloat64});
  ASSERT_THAT(real.rejected, IsEmpty());
  ASSERT_GE(real.inputs.size(), 3u);
  for (const Input& input : real.inputs) {
    const absl::StatusOr<std::string> path = WriteSeed(directory_, input);
    ASSERT_TRUE(path.ok()) << path.status();
    EXPECT_TRUE(
        std::filesystem::exists("corpora/fuzz_v1/files/" + std::filesystem::path(*path).filename().string()));
    EXPECT_TRUE(WriteSeed(directory_, input).ok());
  }
  EXPECT_EQ(ReadSeeds({directory_}, KindsOf(real.inputs[0])).inputs, real.inputs);
}

TEST_F(SeedCorpusTest, SaysWhatCannotBeWritten) {
  Write("file", "x");
  EXPECT_THAT(WriteSeed(directory_ + "/file", Number(1)).status().ToString(), HasSubstr("/file"));
}

TEST(SeedDirectories, InOrderOfTrust) {
  const SeedPlaces places{
      .package_directory = "/m/p", .import_path = "ex.com/m/p", .go_cache = "/c", .corpora = {"/x"}};
  EXPECT_THAT(SeedDirectories(places, "FuzzA"),
              ElementsAre("/m/p/testdata/fuzz/FuzzA", "/x/FuzzA", "/c/fuzz/ex.com/m/p/FuzzA"));
  EXPECT_THAT(SeedDirectories({}, "FuzzA"), IsEmpty());
}

}  // namespace
}  // namespace goleakstress::input
