#include "collectors/pprof_profile.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "collectors/gunzip.h"
#include "collectors/wire_reader.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

struct RawFunction {
  uint64_t id = 0;
  uint64_t name = 0;
  uint64_t file = 0;
};

struct RawLine {
  uint64_t function = 0;
  int64_t line = 0;
};

struct RawLabel {
  uint64_t key = 0;
  uint64_t text = 0;
  uint64_t unit = 0;
  int64_t number = 0;
};

struct RawValueType {
  uint64_t type = 0;
  uint64_t unit = 0;
};

// The message as it stands. Its parts may come in any order, runtime/pprof writes the strings last, so ids
// and string indices are looked up only after everything was read.
struct RawProfile {
  std::vector<RawValueType> sample_types;
  RawValueType period_type;
  uint64_t default_sample_type = 0;
  std::vector<RawFunction> functions;
  std::vector<RawLine> lines;
  std::vector<uint64_t> location_ids;
  std::vector<uint64_t> sample_locations;
  std::vector<RawLabel> labels;
  std::vector<std::string_view> strings;

  uint64_t budget = 0;  // bytes that the tables may still take
  bool Spend(uint64_t bytes) {
    const bool enough = bytes <= budget;
    budget = enough ? budget - bytes : 0;
    exhausted |= !enough;
    return enough;
  }
  bool exhausted = false;
};

// What one row costs in all tables together, raw and resolved.
constexpr uint64_t kFunctionCost = sizeof(RawFunction);
constexpr uint64_t kLineCost = sizeof(RawLine) + sizeof(Frame);
constexpr uint64_t kLocationCost = sizeof(Location) + sizeof(uint64_t);
constexpr uint64_t kLabelCost = sizeof(RawLabel) + sizeof(Label);
constexpr uint64_t kSampleLocationCost = sizeof(uint64_t) + sizeof(uint32_t);

// Finds the position of an id. Encoders number from 1 in order: only where one did not is a table built.
class IdIndex {
 public:
  template <typename IdAt>
  absl::Status Build(size_t count, IdAt id_at, std::string_view what) {
    count_ = count;
    size_t in_order = 0;
    while (in_order < count && id_at(in_order) == in_order + 1) ++in_order;
    if (in_order == count) return absl::OkStatus();
    by_id_.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      if (id_at(i) == 0) return absl::InvalidArgumentError(fmt::format("profile: {} with id 0", what));
      if (!by_id_.emplace(id_at(i), static_cast<uint32_t>(i)).second) {
        return absl::InvalidArgumentError(fmt::format("profile: two {}s with id {}", what, id_at(i)));
      }
    }
    return absl::OkStatus();
  }

  bool Find(uint64_t id, uint32_t* index) const {
    if (by_id_.empty()) {
      *index = static_cast<uint32_t>(id - 1);
      return id - 1 < count_;
    }
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return false;
    *index = found->second;
    return true;
  }

 private:
  size_t count_ = 0;
  absl::flat_hash_map<uint64_t, uint32_t> by_id_;
};

bool ReadValueType(std::string_view bytes, RawValueType* type) {
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.field() == 1) type->type = reader.number();
    if (reader.field() == 2) type->unit = reader.number();
  }
  return reader.ok();
}

bool ReadFunction(std::string_view bytes, RawFunction* function) {
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.field() == 1) function->id = reader.number();
    if (reader.field() == 2) function->name = reader.number();
    if (reader.field() == 4) function->file = reader.number();
  }
  return reader.ok();
}

bool ReadLocation(std::string_view bytes, RawProfile* raw, Profile* profile) {
  if (!raw->Spend(kLocationCost + kLineCost)) return false;
  Location location;
  location.first_frame = static_cast<uint32_t>(raw->lines.size());
  uint64_t id = 0;
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.field() == 1) id = reader.number();
    if (reader.field() == 3) location.address = reader.number();
    if (reader.field() != 4) continue;
    if (!raw->Spend(kLineCost)) return false;
    RawLine& line = raw->lines.emplace_back();
    WireReader inner(reader.text());
    while (inner.Next()) {
      if (inner.field() == 1) line.function = inner.number();
      if (inner.field() == 2) line.line = inner.signed_number();
    }
    if (!inner.ok()) return false;
  }
  // An address without a symbol still is a frame of the stack.
  if (raw->lines.size() == location.first_frame) raw->lines.emplace_back();
  location.frame_count = static_cast<uint32_t>(raw->lines.size()) - location.first_frame;
  profile->locations.push_back(location);
  raw->location_ids.push_back(id);
  return reader.ok();
}

bool ReadLabel(std::string_view bytes, RawLabel* label) {
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.field() == 1) label->key = reader.number();
    if (reader.field() == 2) label->text = reader.number();
    if (reader.field() == 3) label->number = reader.signed_number();
    if (reader.field() == 4) label->unit = reader.number();
  }
  return reader.ok();
}

// A repeated integer, packed or not, which protobuf lets encoders choose freely.
template <typename Int>
bool ReadNumbers(const WireReader& reader, uint64_t cost, RawProfile* raw, std::vector<Int>* numbers) {
  if (!reader.is_text()) {
    numbers->push_back(static_cast<Int>(reader.number()));
    return raw->Spend(cost);
  }
  // A packed number takes at least one byte.
  if (!raw->Spend(cost * reader.text().size())) return false;
  WireReader packed(reader.text());
  for (uint64_t number = 0; packed.NextPacked(&number);) numbers->push_back(static_cast<Int>(number));
  return packed.ok();
}

bool ReadSample(std::string_view bytes, RawProfile* raw, Profile* profile) {
  if (!raw->Spend(sizeof(Sample))) return false;
  Sample& sample = profile->samples.emplace_back();
  sample.first_location = static_cast<uint32_t>(raw->sample_locations.size());
  sample.first_value = static_cast<uint32_t>(profile->sample_values.size());
  sample.first_label = static_cast<uint32_t>(raw->labels.size());
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.field()) {
      case 1:
        if (!ReadNumbers(reader, kSampleLocationCost, raw, &raw->sample_locations)) return false;
        break;
      case 2:
        if (!ReadNumbers(reader, sizeof(int64_t), raw, &profile->sample_values)) return false;
        break;
      case 3:
        if (!raw->Spend(kLabelCost)) return false;
        if (!ReadLabel(reader.text(), &raw->labels.emplace_back())) return false;
        break;
    }
  }
  sample.location_count = static_cast<uint32_t>(raw->sample_locations.size()) - sample.first_location;
  sample.label_count = static_cast<uint32_t>(raw->labels.size()) - sample.first_label;
  return reader.ok();
}

bool ReadField(const WireReader& reader, RawProfile* raw, Profile* profile) {
  switch (reader.field()) {
    case 1:
      return raw->Spend(sizeof(RawValueType) + sizeof(ValueType)) &&
             ReadValueType(reader.text(), &raw->sample_types.emplace_back());
    case 2:
      return ReadSample(reader.text(), raw, profile);
    case 4:
      return ReadLocation(reader.text(), raw, profile);
    case 5:
      return raw->Spend(kFunctionCost) && ReadFunction(reader.text(), &raw->functions.emplace_back());
    case 6:
      raw->strings.push_back(reader.text());
      return raw->Spend(sizeof(std::string_view));
    case 9:
      profile->time_ns = reader.signed_number();
      return true;
    case 10:
      profile->duration_ns = reader.signed_number();
      return true;
    case 11:
      return ReadValueType(reader.text(), &raw->period_type);
    case 12:
      profile->period = reader.signed_number();
      return true;
    case 14:
      raw->default_sample_type = reader.number();
      return true;
    default:
      return true;
  }
}

absl::Status ReadMessage(std::string_view bytes, RawProfile* raw, Profile* profile) {
  WireReader reader(bytes);
  while (reader.Next()) {
    if (ReadField(reader, raw, profile)) continue;
    if (raw->exhausted) return absl::ResourceExhaustedError("profile: its tables exceed the memory limit");
    return absl::InvalidArgumentError(fmt::format("profile: damaged field {}", reader.field()));
  }
  return reader.ok() ? absl::OkStatus() : absl::InvalidArgumentError("profile: damaged or cut message");
}

class Resolver {
 public:
  Resolver(const RawProfile& raw, Profile* profile) : raw_(raw), profile_(*profile) {}

  absl::Status Resolve(uint64_t max_frames) {
    if (raw_.strings.empty() || !raw_.strings[0].empty()) {
      return absl::InvalidArgumentError("profile: its string table does not start with the empty string");
    }
    if (absl::Status status = Types(); !status.ok()) return status;
    if (absl::Status status = Frames(); !status.ok()) return status;
    if (absl::Status status = Samples(max_frames); !status.ok()) return status;
    if (absl::Status status = Labels(); !status.ok()) return status;
    return string_missing_ ? absl::InvalidArgumentError("profile: string index out of range")
                           : absl::OkStatus();
  }

 private:
  std::string_view String(uint64_t index) {
    if (index < raw_.strings.size()) return raw_.strings[index];
    string_missing_ = true;
    return {};
  }

  absl::Status Types() {
    for (const RawValueType& type : raw_.sample_types) {
      profile_.sample_types.push_back({String(type.type), String(type.unit)});
    }
    profile_.period_type = {String(raw_.period_type.type), String(raw_.period_type.unit)};
    profile_.default_sample_type = String(raw_.default_sample_type);
    if (profile_.sample_types.empty() && !profile_.samples.empty()) {
      return absl::InvalidArgumentError("profile: samples without sample types");
    }
    return absl::OkStatus();
  }

  absl::Status Frames() {
    IdIndex functions;
    absl::Status built =
        functions.Build(raw_.functions.size(), [this](size_t i) { return raw_.functions[i].id; }, "function");
    if (!built.ok()) return built;
    profile_.frames.reserve(raw_.lines.size());
    for (const RawLine& line : raw_.lines) {
      Frame& frame = profile_.frames.emplace_back();
      frame.line = line.line;
      if (line.function == 0) continue;
      uint32_t index = 0;
      if (!functions.Find(line.function, &index)) {
        return absl::InvalidArgumentError(fmt::format("profile: no function with id {}", line.function));
      }
      frame.function = String(raw_.functions[index].name);
      frame.file = String(raw_.functions[index].file);
    }
    return absl::OkStatus();
  }

  absl::Status Samples(uint64_t max_frames) {
    const size_t columns = profile_.sample_types.size();
    for (size_t i = 0; i < profile_.samples.size(); ++i) {
      const size_t next = i + 1 < profile_.samples.size() ? profile_.samples[i + 1].first_value
                                                          : profile_.sample_values.size();
      if (next - profile_.samples[i].first_value == columns) continue;
      return absl::InvalidArgumentError(fmt::format("profile: sample {} has {} values for {} sample types", i,
                                                    next - profile_.samples[i].first_value, columns));
    }
    IdIndex locations;
    absl::Status built = locations.Build(
        raw_.location_ids.size(), [this](size_t i) { return raw_.location_ids[i]; }, "location");
    if (!built.ok()) return built;
    uint64_t frames = 0;
    profile_.sample_locations.resize(raw_.sample_locations.size());
    for (size_t i = 0; i < raw_.sample_locations.size(); ++i) {
      uint32_t index = 0;
      if (!locations.Find(raw_.sample_locations[i], &index)) {
        return absl::InvalidArgumentError(
            fmt::format("profile: no location with id {}", raw_.sample_locations[i]));
      }
      profile_.sample_locations[i] = index;
      frames += profile_.locations[index].frame_count;
    }
    if (frames <= max_frames) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        fmt::format("profile: its stacks have {} frames, more than {}", frames, max_frames));
  }

  absl::Status Labels() {
    profile_.sample_labels.reserve(raw_.labels.size());
    for (const RawLabel& label : raw_.labels) {
      profile_.sample_labels.push_back(
          {String(label.key), String(label.text), label.number, String(label.unit), label.text == 0});
    }
    return absl::OkStatus();
  }

  const RawProfile& raw_;
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
  RawProfile raw;
  raw.budget = limits.max_table_bytes;
  if (absl::Status status = ReadMessage(*profile.buffer, &raw, &profile); !status.ok()) return status;
  if (absl::Status status = Resolver(raw, &profile).Resolve(limits.max_frames); !status.ok()) return status;
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
    if (!label.is_number && label.key == key) return label.value;
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
