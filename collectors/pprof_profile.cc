#include "collectors/pprof_profile.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "collectors/gunzip.h"
#include "collectors/profile_message.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

// Finds the position of an id. Encoders number from 1 in order: only where one did not is a table built.
class IdIndex {
 public:
  // `id_at(i)` is the id at position i. False if one is 0, which stands for none, or comes twice.
  template <typename IdAt>
  bool Build(size_t count, IdAt id_at) {
    count_ = static_cast<uint32_t>(count);
    uint32_t in_order = 0;
    while (in_order < count_ && id_at(in_order) == in_order + 1) ++in_order;
    if (in_order == count_) return true;
    by_id_.reserve(count_);
    for (uint32_t i = 0; i < count_; ++i) {
      if (id_at(i) == 0 || !by_id_.emplace(id_at(i), i).second) return false;
    }
    return true;
  }

  bool Find(uint32_t id, uint32_t* index) const {
    if (by_id_.empty()) {
      *index = id - 1;
      return *index < count_;
    }
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    *index = found->second;
    return true;
  }

 private:
  uint32_t count_ = 0;
  absl::flat_hash_map<uint32_t, uint32_t> by_id_;
};

// Turns the ids and string indices of a message into what they stand for, checking each.
class Resolver {
 public:
  Resolver(const ProfileMessage& message, Profile* profile) : message_(message), profile_(*profile) {}

  absl::Status Resolve(uint64_t max_frames) {
    if (profile_.strings.empty() || !profile_.strings[0].empty()) {
      return Wrong("its string table does not start with the empty string");
    }
    Types();
    if (absl::Status status = Values(); !status.ok()) return status;
    if (absl::Status status = Frames(); !status.ok()) return status;
    if (absl::Status status = Stacks(max_frames); !status.ok()) return status;
    for (const Label& label : profile_.sample_labels) {
      for (const uint32_t index : {label.key, label.value, label.unit}) Check(index);
    }
    return string_missing_ ? Wrong("string index out of range") : absl::OkStatus();
  }

 private:
  static absl::Status Wrong(std::string_view what) {
    return absl::InvalidArgumentError(fmt::format("profile: {}", what));
  }

  bool Check(uint32_t index) {
    string_missing_ |= index >= profile_.strings.size();
    return index < profile_.strings.size();
  }

  std::string_view String(uint32_t index) {
    return Check(index) ? profile_.strings[index] : std::string_view();
  }

  void Types() {
    for (const ProfileMessage::Type& type : message_.sample_types) {
      profile_.sample_types.push_back({String(type.type), String(type.unit)});
    }
    profile_.period_type = {String(message_.period_type.type), String(message_.period_type.unit)};
    profile_.default_sample_type = String(message_.default_sample_type);
  }

  absl::Status Values() {
    const size_t columns = profile_.sample_types.size();
    if (columns == 0 && !profile_.samples.empty()) return Wrong("samples without sample types");
    for (size_t i = 0; i < profile_.samples.size(); ++i) {
      const bool is_last = i + 1 == profile_.samples.size();
      const size_t end = is_last ? profile_.sample_values.size() : profile_.samples[i + 1].first_value;
      const size_t count = end - profile_.samples[i].first_value;
      if (count != columns)
        return Wrong(fmt::format("sample {} has {} values for {} types", i, count, columns));
    }
    return absl::OkStatus();
  }

  absl::Status Frames() {
    IdIndex functions;
    if (!functions.Build(message_.functions.size(), [this](size_t i) { return message_.functions[i].id; })) {
      return Wrong("a function's id is 0 or not its own");
    }
    profile_.frames.reserve(message_.lines.size());
    for (const ProfileMessage::Line& line : message_.lines) {
      Frame& frame = profile_.frames.emplace_back();
      frame.line = line.line;
      if (line.function == 0) continue;
      uint32_t index = 0;
      if (!functions.Find(line.function, &index)) return Wrong("a line's function is missing");
      frame.function = String(message_.functions[index].name);
      frame.file = String(message_.functions[index].file);
    }
    return absl::OkStatus();
  }

  absl::Status Stacks(uint64_t max_frames) {
    IdIndex locations;
    if (!locations.Build(message_.location_ids.size(),
                         [this](size_t i) { return message_.location_ids[i]; })) {
      return Wrong("a location's id is 0 or not its own");
    }
    uint64_t frames = 0;
    for (uint32_t& location : profile_.sample_locations) {
      if (!locations.Find(location, &location)) return Wrong("a sample's location is missing");
      frames += profile_.locations[location].frame_count;
    }
    if (frames <= max_frames) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        fmt::format("profile: its stacks have {} frames, more than {}", frames, max_frames));
  }

  const ProfileMessage& message_;
  Profile& profile_;
  bool string_missing_ = false;
};

}  // namespace

absl::StatusOr<Profile> DecodeProfile(std::string bytes, const ProfileLimits& limits) {
  const size_t max_bytes = std::min<size_t>(limits.max_bytes, std::numeric_limits<uint32_t>::max());
  if (bytes.empty()) return absl::InvalidArgumentError("profile: no bytes");
  if (bytes.size() > max_bytes) {
    return absl::ResourceExhaustedError(
        fmt::format("profile: {} bytes are more than {}", bytes.size(), max_bytes));
  }
  if (IsGzip(bytes)) {
    absl::StatusOr<std::string> unpacked = Gunzip(bytes, max_bytes);
    if (!unpacked.ok()) {
      return absl::Status(unpacked.status().code(),
                          fmt::format("profile: {}", std::string(unpacked.status().message())));
    }
    bytes = *std::move(unpacked);
  }
  Profile profile;
  profile.buffer = std::make_unique<const std::string>(std::move(bytes));
  const absl::StatusOr<ProfileMessage> message = ReadProfileMessage(limits.max_table_bytes, &profile);
  if (!message.ok()) return message.status();
  if (absl::Status status = Resolver(*message, &profile).Resolve(limits.max_frames); !status.ok())
    return status;
  return profile;
}

std::vector<Frame> Profile::StackOf(const Sample& sample) const {
  std::vector<Frame> stack;
  for (const uint32_t location : LocationsOf(sample)) {
    const std::span<const Frame> inlined = FramesOf(location);
    stack.insert(stack.end(), inlined.begin(), inlined.end());
  }
  return stack;
}

std::optional<std::string_view> Profile::LabelOf(const Sample& sample, std::string_view key) const {
  for (const Label& label : LabelsOf(sample)) {
    if (!label.is_number() && Text(label.key) == key) return Text(label.value);
  }
  return std::nullopt;
}

std::optional<size_t> Profile::ColumnOf(std::string_view type) const {
  for (size_t i = 0; i < sample_types.size(); ++i) {
    if (sample_types[i].type == type) return i;
  }
  return std::nullopt;
}

}  // namespace goleakstress::collectors
