#include "harness/input/fuzz_corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/input/go_literal.h"
#include "harness/input/sha256.h"

namespace goleakstress::input {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<std::string> Split(const std::string& text, char by) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, by);) parts.push_back(part);
  return parts;
}

// The value of a golden's KIND and HEX.
Value GoldenValue(const std::string& kind_name, const std::string& hex) {
  Kind kind = Kind::kBytes;
  while (GoTypeName(kind) != kind_name) kind = static_cast<Kind>(static_cast<int>(kind) + 1);
  if (!IsText(kind)) return BitsValue(kind, std::stoull(hex, nullptr, 16));
  std::string text;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    text += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return TextValue(kind, text);
}

TEST(FuzzCorpus, WritesAndReadsWhatGoWrites) {
  const std::vector<std::string> lines = Split(ReadAll("corpora/fuzz_v1/marshal.golden"), '\n');
  ASSERT_GT(lines.size(), 2000u);
  for (const std::string& line : lines) {
    const std::vector<std::string> parts = Split(line, '\t');
    ASSERT_EQ(parts.size(), 3u) << line;
    const Value value = GoldenValue(parts[0], parts[1]);
    EXPECT_EQ(MarshalValue(value), parts[2]) << line;
    const absl::StatusOr<Value> back = UnmarshalValue(parts[2]);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, value) << line;
  }
}

TEST(FuzzCorpus, TakesAndRefusesWhatGoDoes) {
  const std::vector<std::string> lines = Split(ReadAll("corpora/fuzz_v1/unmarshal.golden"), '\n');
  ASSERT_GT(lines.size(), 200u);
  for (const std::string& line : lines) {
    std::vector<std::string> parts = Split(line, '\t');
    ASSERT_GE(parts.size(), 2u) << line;
    parts.resize(3);
    const absl::StatusOr<Input> input = UnmarshalCorpusFile("go test fuzz v1\n" + parts[0] + "\n");
    if (parts[1] == "error") {
      EXPECT_FALSE(input.ok()) << line << " was read as " << Describe(*input);
    } else {
      ASSERT_TRUE(input.ok()) << line << ": " << input.status();
      EXPECT_EQ(*input, Input{GoldenValue(parts[1], parts[2])}) << line;
    }
  }
}

// Files that `go test -fuzz` left behind, under the names it gave them.
TEST(FuzzCorpus, FilesOfTheGoFuzzerComeBackByteForByte) {
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator("corpora/fuzz_v1/files")) {
    const std::string text = ReadAll(file.path());
    const absl::StatusOr<Input> input = UnmarshalCorpusFile(text);
    ASSERT_TRUE(input.ok()) << file.path() << ": " << input.status();
    EXPECT_EQ(MarshalCorpusFile(*input), text);
    EXPECT_EQ(Sha256Hex(text).substr(0, 16), file.path().filename());
    ++files;
  }
  EXPECT_GE(files, 3);
}

TEST(FuzzCorpus, RefusesOtherFiles) {
  for (const char* text :
       {"", "go test fuzz v1", "go test fuzz v2\nint(1)\n", "int(1)\n", "go test fuzz v1 \nint(1)\n"}) {
    EXPECT_FALSE(UnmarshalCorpusFile(text).ok()) << text;
  }
  EXPECT_TRUE(UnmarshalCorpusFile("go test fuzz v1\r\n\r\n int(1) \r\n").ok());
}

RC_GTEST_PROP(FuzzCorpus, EveryInputComesBack, ()) {
  Input input;
  for (int kind = 1; kind <= 15; ++kind) {
    const Kind k = static_cast<Kind>(kind);
    input.push_back(IsText(k) ? TextValue(k, *rc::gen::arbitrary<std::string>())
                              : BitsValue(k, *rc::gen::arbitrary<uint64_t>()));
  }
  const absl::StatusOr<Input> back = UnmarshalCorpusFile(MarshalCorpusFile(input));
  RC_ASSERT(back.ok());
  RC_ASSERT(*back == input);
}

RC_GTEST_PROP(FuzzCorpus, NoLineBreaksTheReader, (const std::vector<uint8_t>& bytes)) {
  static constexpr char kAlphabet[] = "()[]-+.,_ 0x1eEpPbo9iNaInfbytestring\"'`\\u/*\n";
  std::string line = *rc::gen::element<std::string>("int(", "[]byte(", "string(", "float64(", "rune(", "");
  for (uint8_t byte : bytes) line += kAlphabet[byte % (sizeof kAlphabet - 1)];
  const absl::StatusOr<Value> value = UnmarshalValue(line);
  if (value.ok()) RC_ASSERT(*UnmarshalValue(MarshalValue(*value)) == *value);
}

}  // namespace
}  // namespace goleakstress::input
