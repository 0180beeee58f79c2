#include "collectors/pprof_profile.h"

#include <algorithm>
#include <random>

#include "collectors/gunzip.h"
#include "collectors/test_files.h"
#include "collectors/wire_writer.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string GoldenPath(std::string_view name) { return fmt::format("corpora/profiles/{}", name); }

std::string Golden(std::string_view name) { return ReadTestFile(GoldenPath(name)); }

std::string Raw(std::string_view name) { return Gunzip(Golden(name), 1 << 20).value(); }

// As testdata/pprofgo prints a profile.
std::string Render(const Profile& profile) {
  std::string text;
  for (const ValueType& type : profile.sample_types)
    text += fmt::format("type {}/{}\n", type.type, type.unit);
  text += fmt::format("default {}\nperiod {}/{} {}\n", profile.default_sample_type, profile.period_type.type,
                      profile.period_type.unit, profile.period);
  text += fmt::format("time {} duration {}\n", profile.time_ns, profile.duration_ns);
  for (const Sample& sample : profile.samples) {
    text += fmt::format("sample {}", fmt::join(profile.ValuesOf(sample), " "));
    std::vector<std::string> labels;
    for (const Label& label : profile.LabelsOf(sample)) {
      const std::string_view key = profile.Text(label.key);
      labels.push_back(label.is_number()
                           ? fmt::format(" {}={}{}", key, label.number, profile.Text(label.unit))
                           : fmt::format(" {}=\"{}\"", key, profile.Text(label.value)));
    }
    std::sort(labels.begin(), labels.end());
    text += fmt::format("{}\n", fmt::join(labels, ""));
    for (const Frame& frame : profile.StackOf(sample)) {
      text += fmt::format("  {} {}:{}\n", frame.function, frame.file, frame.line);
    }
  }
  return text;
}

class PprofProfileGolden : public testing::TestWithParam<const char*> {};

TEST_P(PprofProfileGolden, ReadsWhatGooglesParserReads) {
  const std::string expected = Golden(fmt::format("{}.txt", GetParam()));
  const absl::StatusOr<Profile> packed = DecodeProfile(Golden(fmt::format("{}.pb.gz", GetParam())));
  ASSERT_TRUE(packed.ok()) << packed.status();
  EXPECT_EQ(Render(*packed), expected);
  const absl::StatusOr<Profile> raw = DecodeProfile(Raw(fmt::format("{}.pb.gz", GetParam())));
  ASSERT_TRUE(raw.ok()) << raw.status();
  EXPECT_EQ(Render(*raw), expected);
}

INSTANTIATE_TEST_SUITE_P(Files, PprofProfileGolden,
                         testing::Values("go1.23-goroutine", "go1.23-heap", "go1.26-goroutine", "go1.26-heap",
                                         "go1.26-threadcreate", "go1.27-goroutine", "go1.27-heap"));

TEST(PprofProfile, StaysValidWhenMoved) {
  Profile first = DecodeProfile(Raw("go1.26-goroutine.pb.gz")).value();
  const std::string before = Render(first);
  const Profile second = std::move(first);
  EXPECT_EQ(Render(second), before);
}

TEST(PprofProfile, FindsColumnsByName) {
  const Profile profile = DecodeProfile(Golden("go1.26-heap.pb.gz")).value();
  EXPECT_EQ(profile.ColumnOf("inuse_objects"), 2u);
  EXPECT_EQ(profile.ColumnOf("inuse_space"), 3u);
  EXPECT_EQ(profile.ColumnOf("inuse"), std::nullopt);
}

TEST(PprofProfile, FindsStringLabels) {
  const Profile profile = DecodeProfile(Golden("go1.27-goroutine.pb.gz")).value();
  EXPECT_TRUE(std::any_of(profile.samples.begin(), profile.samples.end(),
                          [&](const Sample& sample) { return profile.LabelOf(sample, "inv") == "2"; }));
  EXPECT_EQ(profile.LabelOf(profile.samples[0], "inv"), std::nullopt);
}

// A profile with one sample type and the functions and locations that `ids` name, written in an order of our
// choice.
std::string Strings() {
  return TextField(6, "") + TextField(6, "objects") + TextField(6, "f") + TextField(6, "f.go");
}
std::string Type() { return TextField(1, NumberField(1, 1)); }
std::string Function(uint64_t id) {
  return TextField(5, NumberField(1, id) + NumberField(2, 2) + NumberField(4, 3));
}
std::string LocationOf(uint64_t id, uint64_t function, uint64_t line) {
  return TextField(4, NumberField(1, id) + TextField(4, NumberField(1, function) + NumberField(2, line)));
}

TEST(PprofProfile, TakesPartsInAnyOrderAndIdsOfAnySize) {
  const uint64_t large = ~uint64_t{0};
  const std::string sample = TextField(2, TextField(1, Varint(large) + Varint(7)) + NumberField(2, 5));
  const std::string bytes =
      sample + Strings() + LocationOf(7, 9, 3) + Type() + LocationOf(large, 9, 4) + Function(9);
  const absl::StatusOr<Profile> profile = DecodeProfile(bytes);
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_THAT(profile->StackOf(profile->samples[0]),
              ElementsAre(Frame{"f", "f.go", 4}, Frame{"f", "f.go", 3}));
  EXPECT_THAT(profile->ValuesOf(profile->samples[0]), ElementsAre(5));
}

TEST(PprofProfile, SkipsFieldsOfLaterFormats) {
  const std::string unknown = NumberField(99, 1) + TextField(98, "new") + Varint(97 << 3 | 1) +
                              std::string(8, 'x') + Varint(96 << 3 | 5) + std::string(4, 'x');
  EXPECT_TRUE(DecodeProfile(unknown + Strings() + Type()).ok());
}

struct Wrong {
  const char* name;
  std::string bytes;
  const char* message;
};

class PprofProfileWrong : public testing::TestWithParam<Wrong> {};

TEST_P(PprofProfileWrong, IsRefused) {
  const absl::StatusOr<Profile> profile = DecodeProfile(GetParam().bytes);
  ASSERT_FALSE(profile.ok());
  EXPECT_EQ(profile.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(profile.status().message()), HasSubstr(GetParam().message));
}

const std::string kOneValue = NumberField(2, 1);

INSTANTIATE_TEST_SUITE_P(
    Bytes, PprofProfileWrong,
    testing::Values(
        Wrong{"Empty", "", "no bytes"}, Wrong{"NoStrings", Type(), "empty string"},
        Wrong{"FirstString", TextField(6, "x"), "empty string"},
        Wrong{"NoTypes", Strings() + TextField(2, ""), "without sample types"},
        Wrong{"TooFewValues", Strings() + Type() + TextField(2, ""), "sample 0 has 0 values"},
        Wrong{"TooManyValues", Strings() + Type() + TextField(2, kOneValue + kOneValue),
              "sample 0 has 2 values"},
        Wrong{"ValueOfNeighbour", Strings() + Type() + TextField(2, kOneValue + kOneValue) + TextField(2, ""),
              "sample 0 has 2 values"},
        Wrong{"NoLocation", Strings() + Type() + TextField(2, NumberField(1, 1) + kOneValue),
              "location is missing"},
        Wrong{"LocationZero", Strings() + Type() + TextField(2, NumberField(1, 0) + kOneValue),
              "location is missing"},
        Wrong{"NoFunction", Strings() + LocationOf(1, 1, 1), "function is missing"},
        Wrong{"TwoLocations", Strings() + Function(1) + LocationOf(5, 1, 1) + LocationOf(5, 1, 1),
              "location's id"},
        Wrong{"FunctionZero", Strings() + Function(0), "function's id"},
        Wrong{"StringIndex", Strings() + TextField(1, NumberField(1, 4)), "string index"},
        Wrong{"NegativeStringIndex", Strings() + TextField(1, NumberField(1, ~uint64_t{0})), "string index"},
        Wrong{"Group", Varint(2 << 3 | 3), "damaged"},
        Wrong{"FieldZero", Varint(0 << 3) + Varint(1), "damaged"},
        Wrong{"LongVarint", Varint(9 << 3) + std::string(10, '\xff') + '\1', "damaged"},
        Wrong{"CutText", Varint(6 << 3 | 2) + Varint(1000) + "x", "damaged"},
        Wrong{"HugeText", Varint(6 << 3 | 2) + Varint(~uint64_t{0}), "damaged"},
        Wrong{"NotAProfile", "404 page not found\n", "damaged"}),
    [](const auto& row) { return row.param.name; });

// The strings come last and the last of them belong to the mappings, which are not read: a raw profile cut
// between those is still whole to us. Nothing else may pass.
void ExpectNoPrefixMisread(const std::string& whole) {
  const std::string expected = Render(DecodeProfile(whole).value());
  size_t passed = 0;
  for (size_t size = 0; size < whole.size(); ++size) {
    // The copy ends where the prefix does, so that a sanitizer sees a read beyond it.
    const absl::StatusOr<Profile> profile = DecodeProfile(whole.substr(0, size));
    if (!profile.ok()) continue;
    ++passed;
    ASSERT_EQ(Render(*profile), expected) << size << " of " << whole.size() << " bytes";
  }
  EXPECT_LT(passed, whole.size() / 100);
}

TEST(PprofProfileHostile, NoPrefixIsMisread) {
  ExpectNoPrefixMisread(Raw("go1.26-goroutine.pb.gz"));
  ExpectNoPrefixMisread(Raw("go1.23-goroutine.pb.gz"));
  const std::string packed = Golden("go1.26-goroutine.pb.gz");
  for (size_t size = 0; size < packed.size(); ++size) {
    ASSERT_FALSE(DecodeProfile(packed.substr(0, size)).ok()) << size << " of " << packed.size() << " bytes";
  }
}

TEST(PprofProfileHostile, FlippedBitsNeverCrash) {
  std::mt19937_64 random(20230817);
  int accepted = 0;
  for (const char* name : {"go1.27-goroutine.pb.gz", "go1.26-heap.pb.gz"}) {
    const std::string whole = Raw(name);
    for (int round = 0; round < 1500; ++round) {
      std::string bytes = whole;
      for (uint64_t flips = 1 + random() % 8; flips > 0; --flips) {
        bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
      }
      const absl::StatusOr<Profile> profile = DecodeProfile(bytes);
      if (!profile.ok()) continue;
      ++accepted;
      EXPECT_FALSE(Render(*profile).empty());
    }
  }
  EXPECT_GT(accepted, 100) << "the flips destroy so much that the accepting path is not tried";
}

TEST(PprofProfileHostile, TablesAreBoundedInBytes) {
  const ProfileLimits limits = {.max_table_bytes = 1 << 20};
  std::string labels;
  for (int i = 0; i < 100'000; ++i) labels += TextField(3, "");
  const std::vector<std::string> inputs = {
      Strings() + TextField(2, labels),
      TextField(2, TextField(1, std::string(2 << 20, '\1'))),
      TextField(2, TextField(2, std::string(2 << 20, '\1'))),
      TextField(4,
                [&] {
                  std::string lines;
                  for (int i = 0; i < 100'000; ++i) lines += TextField(4, "");
                  return lines;
                }()),
  };
  for (const std::string& input : inputs) {
    EXPECT_EQ(DecodeProfile(input, limits).status().code(), absl::StatusCode::kResourceExhausted);
  }
}

TEST(PprofProfileHostile, ExpandedStacksAreBounded) {
  std::string lines = NumberField(1, 1);
  for (int i = 0; i < 1000; ++i) lines += TextField(4, "");
  const std::string sample = TextField(2, TextField(1, std::string(1000, '\1')) + kOneValue);
  const std::string bytes = Strings() + Type() + TextField(4, lines) + sample;
  EXPECT_TRUE(DecodeProfile(bytes, {.max_frames = 1'000'000}).ok());
  EXPECT_EQ(DecodeProfile(bytes, {.max_frames = 999'999}).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(PprofProfileHostile, InputIsBounded) {
  const std::string bytes = Golden("go1.26-goroutine.pb.gz");
  EXPECT_EQ(DecodeProfile(bytes, {.max_bytes = bytes.size() - 1}).status().code(),
            absl::StatusCode::kResourceExhausted);
  // The packed size fits here, the unpacked one does not.
  EXPECT_EQ(DecodeProfile(bytes, {.max_bytes = bytes.size()}).status().code(),
            absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace goleakstress::collectors
