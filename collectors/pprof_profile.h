// Decodes profile.proto, the format of /debug/pprof/NAME?debug=0 and of runtime/pprof's Profile.WriteTo(w,
// 0).
//
// Format: github.com/google/pprof/proto/profile.proto. The decoder is our own because the generated one
// copies every string and allocates every message: here the strings stay in the buffer, and everything else
// lies in flat tables.
//
// A Profile is a value without locks: threads may share a const one.
#ifndef COLLECTORS_PPROF_PROFILE_H_
#define COLLECTORS_PPROF_PROFILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress::collectors {

struct ValueType {
  std::string_view type;  // "inuse_objects"
  std::string_view unit;  // "count"
};

struct Frame {
  std::string_view function;  // "main.(*Cache).Put"; empty where the address has no symbol
  std::string_view file;
  int64_t line = 0;

  friend bool operator==(const Frame&, const Frame&) = default;
};

// One machine address: the lines [first_frame, first_frame + frame_count) of Profile::frames, innermost
// inlined call first.
struct Location {
  uint64_t address = 0;
  uint32_t first_frame = 0;
  uint32_t frame_count = 0;
};

// Its texts are indices for Profile::Text, to keep the many that nobody asks for small.
struct Label {
  int64_t number = 0;  // of numeric labels, such as "bytes" of heap profiles
  uint32_t key = 0;
  uint32_t value = 0;  // of string labels; 0: the label is numeric
  uint32_t unit = 0;   // of numeric labels

  bool is_number() const { return value == 0; }
};

// Offsets into the tables of its Profile, where accessors turn them into values.
struct Sample {
  uint32_t first_location = 0;
  uint32_t location_count = 0;
  uint32_t first_value = 0;
  uint32_t first_label = 0;
  uint32_t label_count = 0;
};

// Move-only: every string_view here and below points into `buffer`, which moves along without changing its
// address.
struct Profile {
  std::vector<ValueType> sample_types;   // one per value column
  std::string_view default_sample_type;  // often empty
  ValueType period_type;
  int64_t period = 0;
  int64_t time_ns = 0;  // since 1970
  int64_t duration_ns = 0;
  std::vector<Sample> samples;

  std::vector<Frame> frames;
  std::vector<Location> locations;
  std::vector<uint32_t> sample_locations;  // indices into locations, leaf first
  std::vector<int64_t> sample_values;
  std::vector<Label> sample_labels;
  std::vector<std::string_view> strings;
  std::unique_ptr<const std::string> buffer;

  std::span<const uint32_t> LocationsOf(const Sample& sample) const {
    return std::span(sample_locations).subspan(sample.first_location, sample.location_count);
  }
  std::span<const int64_t> ValuesOf(const Sample& sample) const {
    return std::span(sample_values).subspan(sample.first_value, sample_types.size());
  }
  std::string_view Text(uint32_t string) const { return strings[string]; }
  std::span<const Label> LabelsOf(const Sample& sample) const {
    return std::span(sample_labels).subspan(sample.first_label, sample.label_count);
  }
  std::span<const Frame> FramesOf(uint32_t location) const {
    return std::span(frames).subspan(locations[location].first_frame, locations[location].frame_count);
  }
  // The whole stack, leaf first, inlined calls expanded.
  std::vector<Frame> StackOf(const Sample& sample) const;
  // The value of the string label `key`.
  std::optional<std::string_view> LabelOf(const Sample& sample, std::string_view key) const;
  // The column of ValuesOf whose type is `type`.
  std::optional<size_t> ColumnOf(std::string_view type) const;
};

struct ProfileLimits {
  size_t max_bytes = size_t{512} << 20;          // of the profile, packed and unpacked; at most 4 GiB - 1
  uint64_t max_table_bytes = uint64_t{2} << 30;  // of all tables; while one grows it may take twice its share
  uint64_t max_frames = 50'000'000;              // over the stacks of all samples
};

// `bytes` is a profile, gzip or raw; pass with std::move to save a copy of a raw one. InvalidArgument for
// everything that is not a whole and consistent profile, ResourceExhausted above the limits. Time is linear
// in the unpacked size.
absl::StatusOr<Profile> DecodeProfile(std::string bytes, const ProfileLimits& limits = {});

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_PPROF_PROFILE_H_
