// Writes protobuf wire format for tests, wrong values included.
#ifndef COLLECTORS_WIRE_WRITER_H_
#define COLLECTORS_WIRE_WRITER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace goleakstress::collectors {

inline std::string Varint(uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
  return out;
}

inline std::string NumberField(uint32_t field, uint64_t value) { return Varint(field << 3) + Varint(value); }

inline std::string TextField(uint32_t field, std::string_view text) {
  std::string out = Varint(field << 3 | 2);
  out.append(Varint(text.size()));
  out.append(text);
  return out;
}

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_WIRE_WRITER_H_
