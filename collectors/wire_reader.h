// Walks over protobuf wire format in place: no allocation, no copy, never past the end.
#ifndef COLLECTORS_WIRE_READER_H_
#define COLLECTORS_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace goleakstress::collectors {

// Reads the varint at `at` and returns the place behind it, nullptr where it is cut or longer than 64 bits.
inline const char* ReadVarint(const char* at, const char* end, uint64_t* value) {
  // Nearly all are this short.
  if (at != end && static_cast<uint8_t>(at[0]) < 0x80) {
    *value = static_cast<uint8_t>(at[0]);
    return at + 1;
  }
  if (end - at >= 2 && static_cast<uint8_t>(at[1]) < 0x80) {
    *value = (static_cast<uint64_t>(static_cast<uint8_t>(at[0])) & 0x7f) |
             uint64_t{static_cast<uint8_t>(at[1])} << 7;
    return at + 2;
  }
  *value = 0;
  for (unsigned shift = 0; shift < 70 && at != end; shift += 7) {
    const uint64_t byte = static_cast<uint8_t>(*at++);
    if (shift == 63 && byte > 1) return nullptr;
    *value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return at;
  }
  return nullptr;
}

// Usage: while (reader.Next()) switch (reader.field()) {...}; then ask ok(). A field that the caller leaves
// alone is skipped; a field of a wire type that the caller did not expect reads as 0 or empty, as protobuf's
// own decoders ignore it.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Moves to the next field and reads it. False at the end and at damaged bytes.
  bool Next() {
    if (at_ == end_ || !ok_) return false;
    const uint64_t tag = Varint();
    field_ = static_cast<uint32_t>(tag >> 3);
    number_ = 0;
    text_ = {};
    is_text_ = false;
    const uint64_t type = tag & 7;
    if (type == 2) {
      is_text_ = true;
      text_ = Take(Varint());
    } else if (type == 0) {
      number_ = Varint();
    } else if (type == 1) {
      Take(8);
    } else if (type == 5) {
      Take(4);
    } else {
      ok_ = false;
    }
    if (tag >> 35 != 0 || field_ == 0) ok_ = false;
    return ok_;
  }

  bool ok() const { return ok_; }
  uint32_t field() const { return field_; }
  uint64_t number() const { return number_; }
  int64_t signed_number() const { return static_cast<int64_t>(number_); }
  std::string_view text() const { return text_; }
  bool is_text() const { return is_text_; }

 private:
  uint64_t Varint() {
    uint64_t value = 0;
    const char* const next = ReadVarint(at_, end_, &value);
    if (next == nullptr) return Fail();
    at_ = next;
    return value;
  }

  std::string_view Take(uint64_t size) {
    if (size > static_cast<uint64_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const std::string_view taken(at_, static_cast<size_t>(size));
    at_ += size;
    return taken;
  }

  uint64_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
  bool is_text_ = false;
  uint32_t field_ = 0;
  uint64_t number_ = 0;
  std::string_view text_;
};

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_WIRE_READER_H_
