#include "harness/input/mutate.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>

namespace goleakstress::input {
namespace {

// Numbers at which programs change their minds: around powers of two, and those that people write.
uint64_t SpecialInteger(Random* random) {
  static constexpr uint64_t kSmall[] = {0,   1,   2,   3,    7,    9,    10,   99,    100,
                                        255, 256, 999, 1000, 1024, 4095, 4096, 65535, 1000000};
  if (random->OneIn(2)) return kSmall[random->Below(std::size(kSmall))];
  const uint64_t power = uint64_t{1} << random->Below(64);
  return power + random->Below(3) - 1;
}

double SpecialDouble(Random* random) {
  using Limits = std::numeric_limits<double>;
  static constexpr double kSpecial[] = {0.0,
                                        -0.0,
                                        1.0,
                                        -1.0,
                                        0.5,
                                        1e-9,
                                        1e9,
                                        1e308,
                                        Limits::max(),
                                        Limits::min(),
                                        Limits::denorm_min(),
                                        Limits::infinity(),
                                        -Limits::infinity(),
                                        Limits::quiet_NaN(),
                                        9007199254740993.0,
                                        2147483648.0};
  return kSpecial[random->Below(std::size(kSpecial))];
}

double ToDouble(const Value& value) {
  return value.kind == Kind::kFloat64
             ? std::bit_cast<double>(value.bits)
             : static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(value.bits)));
}

void SetDouble(double real, Value* value) {
  *value = value->kind == Kind::kFloat64 ? FloatValue(real) : FloatValue(static_cast<float>(real));
}

uint64_t RandomInteger(Random* random) {
  if (random->OneIn(3)) return SpecialInteger(random);
  const uint64_t value = random->Next() >> random->Below(64);
  return random->OneIn(4) ? -value : value;
}

void MutateFloat(const MutationSources& sources, Random* random, Value* value) {
  const double real = ToDouble(*value);
  switch (random->Below(7)) {
    case 0:
      return SetDouble(SpecialDouble(random), value);
    case 1:
      return SetDouble(real + static_cast<double>(random->UpTo(16)) * (random->OneIn(2) ? 1 : -1), value);
    case 2:
      return SetDouble(real * (random->OneIn(2) ? 2 : 0.5), value);
    case 3:
      return SetDouble(-real, value);
    case 4:
      return SetDouble(static_cast<double>(static_cast<int64_t>(RandomInteger(random))), value);
    case 5:
      if (sources.dictionary != nullptr && !sources.dictionary->integers.empty()) {
        const std::vector<uint64_t>& known = sources.dictionary->integers;
        return SetDouble(static_cast<double>(known[random->Below(known.size())]), value);
      }
      [[fallthrough]];
    default:
      value->bits = Canonical(value->kind, value->bits ^ (uint64_t{1} << random->Below(64)));
  }
}

// The number that `bits` should become for a comparison of something made from it to go the other way; `bits`
// itself where no simple way from one to the other is seen. `have` is the operand: the number, part of it, or
// it plus something small.
uint64_t Solve(uint64_t bits, const ComparedNumber& compared, Random* random) {
  const int unused = 64 - 8 * compared.bytes;
  const uint64_t mask = ~uint64_t{0} >> unused;
  const uint64_t have = compared.have & mask, want = compared.want & mask;
  if ((bits & mask) == have && (have != 0 || random->OneIn(2))) return (bits & ~mask) | want;
  const uint64_t offset = bits - have;
  if (offset + 256 <= 512 && random->OneIn(2)) return want + offset;
  // Of a part that is 0 nothing shows where it lies: any place will do, another time another one.
  const int start = static_cast<int>(random->Below(64));
  for (int i = 0; i < 64; ++i) {
    const int shift = (start + i) % 64;
    if (shift == 0 || (bits >> shift & mask) != have) continue;
    const uint64_t low = (uint64_t{1} << shift) - 1;
    return ((bits >> shift & ~mask) | want) << shift | (bits & low);
  }
  if ((~bits & mask) == have) return ~want;
  if ((-bits & mask) == have) return -want;
  return bits;
}

// Follows one of the comparisons that the number may have been in.
bool TryCompared(const MutationSources& sources, Random* random, Value* value) {
  if (sources.numbers == nullptr || sources.numbers->empty()) return false;
  for (int tries = 0; tries < 8; ++tries) {
    const ComparedNumber& compared = (*sources.numbers)[random->Below(sources.numbers->size())];
    uint64_t solved = Solve(value->bits, compared, random);
    // Of 0 nothing shows what was made.
    if (random->OneIn(8)) solved = compared.want << 8 * random->Below(8);
    if (random->OneIn(16)) solved = compared.want << random->Below(64);
    if (solved == value->bits) continue;
    value->bits = Canonical(value->kind, solved + (random->OneIn(4) ? random->Below(3) - 1 : 0));
    return true;
  }
  return false;
}

}  // namespace

void MutateNumber(const MutationSources& sources, Random* random, Value* value) {
  if (value->kind == Kind::kBool) {
    value->bits ^= 1;
    return;
  }
  if (IsFloat(value->kind)) return MutateFloat(sources, random, value);
  uint64_t bits = value->bits;
  switch (random->Below(8)) {
    case 0:
      bits += random->OneIn(2) ? 1 : -uint64_t{1};
      break;
    case 1:
      bits += random->Below(64) - 32;
      break;
    case 2:
      bits ^= uint64_t{1} << random->Below(64);
      break;
    case 3:
      bits = SpecialInteger(random);
      if (random->OneIn(3)) bits = -bits;
      break;
    case 4:
      bits = random->OneIn(2) ? bits << 1 : bits >> 1;
      break;
    case 5:
      bits = RandomInteger(random);
      break;
    default:
      if (TryCompared(sources, random, value)) return;
      if (sources.dictionary != nullptr && !sources.dictionary->integers.empty()) {
        const std::vector<uint64_t>& known = sources.dictionary->integers;
        bits = known[random->Below(known.size())] + (random->OneIn(3) ? random->Below(3) - 1 : 0);
      } else {
        bits = -bits;
      }
  }
  value->bits = Canonical(value->kind, bits);
}

void Mutate(const MutationSources& sources, Random* random, Input* input) {
  if (input->empty()) return;
  uint64_t changes = 1;
  while (changes < 8 && random->OneIn(2)) ++changes;
  for (; changes > 0; --changes) {
    const size_t field = random->Below(input->size());
    Value& value = (*input)[field];
    if (sources.others != nullptr && !sources.others->empty() && random->OneIn(16)) {
      const Input& other = (*sources.others)[random->Below(sources.others->size())];
      if (other.size() > field && other[field].kind == value.kind) value = other[field];
    } else if (IsText(value.kind)) {
      MutateText(sources, field, random, &value.text);
    } else {
      MutateNumber(sources, random, &value);
    }
  }
  Cap(input, sources.max_bytes);
}

Value RandomValue(Kind kind, Random* random) {
  if (kind == Kind::kFloat32 || kind == Kind::kFloat64) {
    Value value{kind, {}, 0};
    if (random->OneIn(3)) {
      SetDouble(SpecialDouble(random), &value);
    } else if (random->OneIn(2)) {
      SetDouble(static_cast<double>(static_cast<int64_t>(RandomInteger(random))) / 16, &value);
    } else {
      value.bits = Canonical(kind, random->Next());
    }
    return value;
  }
  if (!IsText(kind)) return BitsValue(kind, RandomInteger(random));
  std::string text(random->Below(random->OneIn(4) ? 65 : 13), '\0');
  const bool printable = !random->OneIn(3);
  for (char& c : text) c = printable ? static_cast<char>(' ' + random->Below(95)) : random->Byte();
  return TextValue(kind, std::move(text));
}

Input CrossOver(const Input& a, const Input& b, Random* random) {
  Input child = a;
  for (size_t i = 0; i < child.size() && i < b.size(); ++i) {
    if (!random->OneIn(2)) continue;
    if (!IsText(b[i].kind) || random->OneIn(2)) {
      child[i] = b[i];
      continue;
    }
    // A head of one text and a tail of the other.
    const size_t head = random->Below(child[i].text.size() + 1), tail = random->Below(b[i].text.size() + 1);
    child[i].text = child[i].text.substr(0, head) + b[i].text.substr(tail);
  }
  Cap(&child);
  return child;
}

}  // namespace goleakstress::input
