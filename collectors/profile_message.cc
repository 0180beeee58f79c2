#include "collectors/profile_message.h"

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "collectors/wire_reader.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

// What one row costs in all tables together.
constexpr uint64_t kLineCost = sizeof(ProfileMessage::Line) + sizeof(Frame);
constexpr uint64_t kLocationCost = sizeof(Location) + sizeof(uint32_t);
constexpr uint64_t kTypeCost = sizeof(ProfileMessage::Type) + sizeof(ValueType);

// A buffer holds less than 2^32 strings, so an index that does not fit is out of range anyway.
uint32_t StringIndex(uint64_t index) {
  return static_cast<uint32_t>(std::min<uint64_t>(index, ProfileMessage::kNoString));
}

class MessageReader {
 public:
  MessageReader(uint64_t budget, Profile* profile) : budget_(budget), profile_(*profile) {}

  absl::Status Read() {
    Reserve();
    WireReader reader(*profile_.buffer);
    while (reader.Next()) {
      if (Field(reader)) continue;
      if (exhausted_) return absl::ResourceExhaustedError("profile: its tables exceed the memory limit");
      return absl::InvalidArgumentError(fmt::format("profile: damaged field {}", reader.field()));
    }
    return reader.ok() ? absl::OkStatus() : absl::InvalidArgumentError("profile: damaged or cut message");
  }

  ProfileMessage message;

 private:
  // Room for what most profiles need spares most copies, and pages that stay unused cost nothing.
  void Reserve() {
    const size_t bytes = std::min<size_t>(profile_.buffer->size(), size_t{64} << 20);
    profile_.samples.reserve(bytes / 32);
    profile_.sample_locations.reserve(bytes / 2);
    profile_.sample_values.reserve(bytes / 8);
    profile_.sample_labels.reserve(bytes / 32);
  }

  bool Spend(uint64_t bytes) {
    exhausted_ |= bytes > budget_;
    budget_ -= std::min(bytes, budget_);
    return !exhausted_;
  }

  bool Field(const WireReader& reader) {
    if (reader.field() == 2) return ReadSample(reader.text());  // nearly all are
    switch (reader.field()) {
      case 1:
        return Spend(kTypeCost) && ReadType(reader.text(), &message.sample_types.emplace_back());
      case 4:
        return ReadLocation(reader.text());
      case 5:
        return ReadFunction(reader.text());
      case 6:
        profile_.strings.push_back(reader.text());
        return Spend(sizeof(std::string_view));
      case 9:
        profile_.time_ns = reader.signed_number();
        return true;
      case 10:
        profile_.duration_ns = reader.signed_number();
        return true;
      case 11:
        return ReadType(reader.text(), &message.period_type);
      case 12:
        profile_.period = reader.signed_number();
        return true;
      case 14:
        message.default_sample_type = StringIndex(reader.number());
        return true;
      default:
        return true;
    }
  }

  bool ReadType(std::string_view bytes, ProfileMessage::Type* type) {
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.field() == 1) type->type = StringIndex(reader.number());
      if (reader.field() == 2) type->unit = StringIndex(reader.number());
    }
    return reader.ok();
  }

  bool ReadFunction(std::string_view bytes) {
    if (!Spend(sizeof(ProfileMessage::Function))) return false;
    ProfileMessage::Function& function = message.functions.emplace_back();
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.field() == 1) function.id = compact_function_(reader.number());
      if (reader.field() == 2) function.name = StringIndex(reader.number());
      if (reader.field() == 4) function.file = StringIndex(reader.number());
    }
    return reader.ok();
  }

  bool ReadLine(std::string_view bytes) {
    if (!Spend(kLineCost)) return false;
    ProfileMessage::Line& line = message.lines.emplace_back();
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.field() == 1) line.function = compact_function_(reader.number());
      if (reader.field() == 2) line.line = reader.signed_number();
    }
    return reader.ok();
  }

  bool ReadLocation(std::string_view bytes) {
    if (!Spend(kLocationCost)) return false;
    Location& location = profile_.locations.emplace_back();
    uint32_t& id = message.location_ids.emplace_back();
    location.first_frame = static_cast<uint32_t>(message.lines.size());
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.field() == 1) id = compact_location_(reader.number());
      if (reader.field() == 3) location.address = reader.number();
      if (reader.field() == 4 && !ReadLine(reader.text())) return false;
    }
    // An address without a symbol still is a frame of the stack.
    if (message.lines.size() == location.first_frame && !ReadLine("")) return false;
    location.frame_count = static_cast<uint32_t>(message.lines.size()) - location.first_frame;
    return reader.ok();
  }

  bool ReadLabel(std::string_view bytes) {
    if (!Spend(sizeof(Label))) return false;
    Label& label = profile_.sample_labels.emplace_back();
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.field() == 1) label.key = StringIndex(reader.number());
      if (reader.field() == 2) label.value = StringIndex(reader.number());
      if (reader.field() == 3) label.number = reader.signed_number();
      if (reader.field() == 4) label.unit = StringIndex(reader.number());
    }
    return reader.ok();
  }

  // A repeated integer, packed or not, which protobuf lets encoders choose freely.
  template <typename Int, typename Convert>
  bool ReadNumbers(const WireReader& reader, std::vector<Int>* numbers, Convert&& convert) {
    if (!reader.is_text()) {
      numbers->push_back(convert(reader.number()));
      return Spend(sizeof(Int));
    }
    // A packed number takes at least one byte.
    if (!Spend(sizeof(Int) * reader.text().size())) return false;
    std::array<Int, 128> part;
    const char* at = reader.text().data();
    const char* const end = at + reader.text().size();
    while (at != end) {
      size_t count = 0;
      for (; at != end && count < part.size(); ++count) {
        uint64_t number = 0;
        at = ReadVarint(at, end, &number);
        if (at == nullptr) return false;
        part[count] = convert(number);
      }
      numbers->insert(numbers->end(), part.begin(), part.begin() + count);
    }
    return true;
  }

  bool ReadSample(std::string_view bytes) {
    if (!Spend(sizeof(Sample))) return false;
    Sample& sample = profile_.samples.emplace_back();
    sample.first_location = static_cast<uint32_t>(profile_.sample_locations.size());
    sample.first_value = static_cast<uint32_t>(profile_.sample_values.size());
    sample.first_label = static_cast<uint32_t>(profile_.sample_labels.size());
    WireReader reader(bytes);
    while (reader.Next()) {
      if (reader.field() == 1) {
        if (!ReadNumbers(reader, &profile_.sample_locations, compact_location_)) return false;
      } else if (reader.field() == 2) {
        const auto to_signed = [](uint64_t number) { return static_cast<int64_t>(number); };
        if (!ReadNumbers(reader, &profile_.sample_values, to_signed)) return false;
      } else if (reader.field() == 3) {
        if (!ReadLabel(reader.text())) return false;
      }
    }
    sample.location_count = static_cast<uint32_t>(profile_.sample_locations.size()) - sample.first_location;
    sample.label_count = static_cast<uint32_t>(profile_.sample_labels.size()) - sample.first_label;
    return reader.ok();
  }

  uint64_t budget_;  // bytes that the tables may still take
  bool exhausted_ = false;
  Profile& profile_;
  IdCompactor compact_function_;
  IdCompactor compact_location_;
};

}  // namespace

absl::StatusOr<ProfileMessage> ReadProfileMessage(uint64_t max_table_bytes, Profile* profile) {
  MessageReader reader(max_table_bytes, profile);
  if (absl::Status status = reader.Read(); !status.ok()) return status;
  return std::move(reader.message);
}

}  // namespace goleakstress::collectors
