#include "collectors/profile_sites.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace goleakstress::collectors {
namespace {

// abseil of 2022 cannot hash std::string_view.
size_t HashText(std::string_view text) { return std::hash<std::string_view>()(text); }

struct FrameHash {
  size_t operator()(const Frame& frame) const {
    return absl::HashOf(HashText(frame.function), HashText(frame.file), frame.line);
  }
};

using LabelText = std::pair<std::string_view, std::string_view>;
struct LabelHash {
  size_t operator()(const LabelText& label) const {
    return absl::HashOf(HashText(label.first), HashText(label.second));
  }
};

template <typename Value, typename Hash>
uint32_t NumberOf(const Value& value, absl::flat_hash_map<Value, uint32_t, Hash>* numbers) {
  return numbers->emplace(value, static_cast<uint32_t>(numbers->size())).first->second;
}

bool IsExcluded(const Profile& profile, const Sample& sample, const SiteOptions& options) {
  return std::any_of(options.excluded.begin(), options.excluded.end(), [&](const StringLabel& label) {
    return profile.LabelOf(sample, label.key) == std::string_view(label.value);
  });
}

int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
}

// Turns what a site is known by into a few integers: equal lines and equal labels get equal numbers.
class KeyMaker {
 public:
  KeyMaker(const Profile& profile, bool by_labels) : profile_(profile), by_labels_(by_labels) {
    absl::flat_hash_map<Frame, uint32_t, FrameHash> numbers;
    frame_numbers_.reserve(profile.frames.size());
    for (const Frame& frame : profile.frames) frame_numbers_.push_back(NumberOf(frame, &numbers));
  }

  // The bytes are good until the next call.
  absl::string_view KeyOf(const Sample& sample) {
    key_.assign(1, 0);
    for (const uint32_t index : profile_.LocationsOf(sample)) {
      const Location& location = profile_.locations[index];
      const auto first = frame_numbers_.begin() + location.first_frame;
      key_.insert(key_.end(), first, first + location.frame_count);
    }
    // The length keeps a frame's number apart from a label's.
    key_[0] = static_cast<uint32_t>(key_.size());
    if (by_labels_) {
      const auto frames = static_cast<std::ptrdiff_t>(key_.size());
      for (const Label& label : profile_.LabelsOf(sample)) {
        if (label.is_number()) continue;
        const LabelText text(profile_.Text(label.key), profile_.Text(label.value));
        key_.push_back(NumberOf(text, &label_numbers_));
      }
      std::sort(key_.begin() + frames, key_.end());
    }
    return {reinterpret_cast<const char*>(key_.data()), key_.size() * sizeof(uint32_t)};
  }

 private:
  const Profile& profile_;
  const bool by_labels_;
  std::vector<uint32_t> frame_numbers_;  // one per frame of the profile
  absl::flat_hash_map<LabelText, uint32_t, LabelHash> label_numbers_;
  std::vector<uint32_t> key_;
};

}  // namespace

std::vector<Site> AggregateBySite(const Profile& profile, size_t column, const SiteOptions& options) {
  std::vector<Site> sites;
  absl::flat_hash_map<std::string, size_t> site_by_key;
  KeyMaker keys(profile, options.by_labels);
  for (const Sample& sample : profile.samples) {
    if (IsExcluded(profile, sample, options)) continue;
    const auto [entry, is_new] = site_by_key.try_emplace(keys.KeyOf(sample), sites.size());
    if (is_new) sites.push_back({sample, 0});
    Site& site = sites[entry->second];
    site.value = SaturatingAdd(site.value, profile.ValuesOf(sample)[column]);
  }
  return sites;
}

}  // namespace goleakstress::collectors
