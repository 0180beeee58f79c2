#include "collectors/profile_sites.h"

#include <algorithm>
#include <limits>

#include "collectors/test_files.h"
#include "collectors/wire_writer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace goleakstress::collectors {
namespace {

using ::testing::ElementsAre;

Profile Golden(const std::string& name) {
  return DecodeProfile(ReadTestFile("corpora/profiles/" + name + ".pb.gz")).value();
}

// The summed values of the sites with a frame in `function`.
std::vector<int64_t> ValuesAt(const Profile& profile, const std::vector<Site>& sites,
                              std::string_view function) {
  std::vector<int64_t> values;
  for (const Site& site : sites) {
    for (const Frame& frame : profile.StackOf(site.sample)) {
      if (frame.function == function) {
        values.push_back(site.value);
        break;
      }
    }
  }
  return values;
}

class ProfileSitesOfVersion : public testing::TestWithParam<const char*> {};

TEST_P(ProfileSitesOfVersion, JoinsTheObjectSizesOfOneAllocation) {
  const Profile profile = Golden(std::string(GetParam()) + "-heap");
  const std::vector<Site> objects = AggregateBySite(profile, *profile.ColumnOf("inuse_objects"));
  const std::vector<Site> space = AggregateBySite(profile, *profile.ColumnOf("inuse_space"));
  EXPECT_LT(objects.size(), profile.samples.size());
  EXPECT_THAT(ValuesAt(profile, objects, "main.block"), ElementsAre(25));
  EXPECT_THAT(ValuesAt(profile, space, "main.block"), ElementsAre(25 * 64));
  // 10 objects each of 16, 32, 64 and 128 bytes made by one line of alloc.
  EXPECT_THAT(ValuesAt(profile, objects, "main.alloc"), ElementsAre(40));
  EXPECT_THAT(ValuesAt(profile, space, "main.alloc"), ElementsAre(2400));
}

TEST_P(ProfileSitesOfVersion, KeepsLabelsApartOnRequest) {
  const Profile profile = Golden(std::string(GetParam()) + "-goroutine");
  EXPECT_THAT(ValuesAt(profile, AggregateBySite(profile, 0), "main.wait"), ElementsAre(4));
  EXPECT_THAT(ValuesAt(profile, AggregateBySite(profile, 0, {.by_labels = true}), "main.wait"),
              ElementsAre(1, 1, 1, 1));
}

TEST_P(ProfileSitesOfVersion, LeavesOutTheAgent) {
  const Profile profile = Golden(std::string(GetParam()) + "-goroutine");
  const SiteOptions options = {.excluded = {{"goleakstress", "agent"}}};
  EXPECT_THAT(ValuesAt(profile, AggregateBySite(profile, 0, options), "main.wait"), ElementsAre(3));
  const SiteOptions other = {.excluded = {{"goleakstress", "other"}}};
  EXPECT_THAT(ValuesAt(profile, AggregateBySite(profile, 0, other), "main.wait"), ElementsAre(4));
}

INSTANTIATE_TEST_SUITE_P(Go, ProfileSitesOfVersion, testing::Values("go1.23", "go1.26", "go1.27"));

// Strings 1 to 3 are "a", "b", "c": also the names of functions 1 to 3.
std::string Head() {
  std::string head = TextField(1, NumberField(1, 1)) + TextField(6, "");
  for (const char* text : {"a", "b", "c"}) head += TextField(6, text);
  for (uint64_t id = 1; id <= 3; ++id) head += TextField(5, NumberField(1, id) + NumberField(2, id));
  return head;
}
std::string Line(uint64_t function) { return TextField(4, NumberField(1, function)); }
std::string SampleAt(const std::string& locations, int64_t value, const std::string& rest = "") {
  return TextField(2, TextField(1, locations) + NumberField(2, static_cast<uint64_t>(value)) + rest);
}
std::string LabelField(uint64_t key, uint64_t value) {
  return TextField(3, NumberField(1, key) + NumberField(2, value));
}
std::vector<int64_t> Sums(const std::string& bytes, const SiteOptions& options = {}) {
  const Profile profile = DecodeProfile(bytes).value();
  std::vector<int64_t> sums;
  for (const Site& site : AggregateBySite(profile, 0, options)) sums.push_back(site.value);
  return sums;
}

TEST(ProfileSites, ComparesLinesNotAddresses) {
  // Location 1 is a inlined into b; 2 and 3 are the two without inlining; 4 is a again at another address.
  const std::string locations = TextField(4, NumberField(1, 1) + Line(1) + Line(2)) +
                                TextField(4, NumberField(1, 2) + Line(1)) +
                                TextField(4, NumberField(1, 3) + Line(2)) +
                                TextField(4, NumberField(1, 4) + NumberField(3, 99) + Line(1));
  const std::string samples = SampleAt("\1", 1) + SampleAt("\2\3", 10) + SampleAt("\4\3", 100) +
                              SampleAt("\3\2", 1000) + SampleAt("\2", 10000);
  EXPECT_THAT(Sums(Head() + locations + samples), ElementsAre(111, 1000, 10000));
}

TEST(ProfileSites, LabelOrderDoesNotMatter) {
  const std::string locations = TextField(4, NumberField(1, 1) + Line(1));
  const std::string samples = SampleAt("\1", 1, LabelField(1, 2) + LabelField(2, 3)) +
                              SampleAt("\1", 10, LabelField(2, 3) + LabelField(1, 2)) +
                              SampleAt("\1", 100, LabelField(1, 3) + LabelField(2, 2));
  EXPECT_THAT(Sums(Head() + locations + samples, {.by_labels = true}), ElementsAre(11, 100));
}

TEST(ProfileSites, FramesAndLabelsDoNotMix) {
  const std::string locations =
      TextField(4, NumberField(1, 1) + Line(1)) + TextField(4, NumberField(1, 2) + Line(2));
  const std::string samples = SampleAt("\1\1", 1) + SampleAt("\1", 10, LabelField(1, 2));
  EXPECT_THAT(Sums(Head() + locations + samples, {.by_labels = true}), ElementsAre(1, 10));
}

TEST(ProfileSites, SumsDoNotWrap) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const std::string locations = TextField(4, NumberField(1, 1) + Line(1));
  EXPECT_THAT(Sums(Head() + locations + SampleAt("\1", most) + SampleAt("\1", 1)), ElementsAre(most));
  EXPECT_THAT(Sums(Head() + locations + SampleAt("\1", -most) + SampleAt("\1", -2)), ElementsAre(-most - 1));
}

}  // namespace
}  // namespace goleakstress::collectors
