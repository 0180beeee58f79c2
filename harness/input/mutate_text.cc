// The text mutations of mutate.h.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "harness/input/mutate.h"
#include "harness/input/mutate_structure.h"

namespace goleakstress::input {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A run of decimal digits, with its minus sign, as strtoll would read it.
bool FindNumber(const std::string& text, Random* random, TextRange* found) {
  const size_t start = AnyPlace(text, random);
  for (size_t tried = 0; tried < text.size(); ++tried) {
    const size_t at = (start + tried) % text.size();
    if (!IsDigit(text[at]) || (at > 0 && IsDigit(text[at - 1]))) continue;
    size_t end = at;
    while (end < text.size() && IsDigit(text[end])) ++end;
    const size_t begin = at > 0 && text[at - 1] == '-' ? at - 1 : at;
    *found = {begin, end - begin};
    return true;
  }
  return false;
}

void ChangeNumberInText(const MutationSources& sources, Random* random, std::string* text) {
  TextRange where{};
  if (!FindNumber(*text, random, &where)) {
    text->insert(AnyPlace(*text, random), fmt::format("{}", random->Below(1000)));
    return;
  }
  Value number{Kind::kInt64, {}, 0};
  int64_t read = 0;
  std::from_chars(text->data() + where.begin, text->data() + where.begin + where.size, read);
  number.bits = static_cast<uint64_t>(read);
  MutateNumber(sources, random, &number);
  text->replace(where.begin, where.size, fmt::format("{}", static_cast<int64_t>(number.bits)));
}

// The bytes of a number in memory order, as binary protocols carry them.
std::string BytesOf(uint64_t number, size_t bytes, bool big_endian) {
  std::string text(bytes, '\0');
  for (size_t i = 0; i < bytes; ++i)
    text[big_endian ? bytes - 1 - i : i] = static_cast<char>(number >> (8 * i));
  return text;
}

void WriteBinaryNumber(const MutationSources& sources, Random* random, std::string* text) {
  static constexpr size_t kWidths[] = {1, 2, 4, 8};
  const size_t bytes = kWidths[random->Below(4)];
  const bool big_endian = random->OneIn(2);
  if (text->size() < bytes) return;
  const size_t at = random->Below(text->size() - bytes + 1);
  Value number{Kind::kUint64, {}, 0};
  for (size_t i = 0; i < bytes; ++i) {
    const size_t from = at + (big_endian ? i : bytes - 1 - i);
    number.bits = number.bits << 8 | static_cast<unsigned char>((*text)[from]);
  }
  MutateNumber(sources, random, &number);
  text->replace(at, bytes, BytesOf(number.bits, bytes, big_endian));
}

// Puts `want` where `have` stands; where it stands several times, at one of them. Says whether it did.
bool ReplaceOne(std::string_view have, std::string_view want, Random* random, std::string* text) {
  if (have.empty()) return false;
  size_t at = text->find(have, AnyPlace(*text, random));
  if (at == std::string::npos) at = text->find(have);
  if (at == std::string::npos) return false;
  text->replace(at, have.size(), want);
  return true;
}

bool ReplaceComparedNumber(const ComparedNumber& compared, Random* random, std::string* text) {
  const size_t bytes = static_cast<size_t>(compared.bytes);
  const bool big_first = random->OneIn(2);
  for (bool big_endian : {big_first, !big_first}) {
    if (ReplaceOne(BytesOf(compared.have, bytes, big_endian), BytesOf(compared.want, bytes, big_endian),
                   random, text)) {
      return true;
    }
  }
  const int unused = 64 - 8 * compared.bytes;
  const int64_t have = static_cast<int64_t>(compared.have << unused) >> unused;
  const int64_t want = static_cast<int64_t>(compared.want << unused) >> unused;
  if (ReplaceOne(fmt::format("{}", have), fmt::format("{}", want), random, text)) return true;
  // The target may ask for a length.
  if (compared.have == text->size() && compared.want < 4096) {
    text->resize(compared.want, text->empty() ? 'a' : text->back());
    return true;
  }
  return false;
}

// Puts a word where nothing stands: between two quotes, behind an equals sign, into an empty text.
bool FillEmpty(const std::string& word, Random* random, std::string* text) {
  if (text->empty()) {
    *text = word;
    return true;
  }
  const size_t start = AnyPlace(*text, random);
  for (size_t from : {start, size_t{0}}) {
    const size_t quotes = text->find("\"\"", from);
    if (quotes != text->npos) {
      text->insert(quotes + 1, word);
      return true;
    }
    const size_t equals = text->find('=', from);
    if (equals != text->npos && (equals + 1 == text->size() || (*text)[equals + 1] == '&')) {
      text->insert(equals + 1, word);
      return true;
    }
  }
  return false;
}

// Does what a comparison of the target asks for. Most comparisons have nothing to do with this text: a few
// are tried.
void FollowComparison(const MutationSources& sources, size_t field, Random* random, std::string* text) {
  for (int tries = 0; tries < 8; ++tries) {
    const size_t texts = sources.texts == nullptr ? 0 : sources.texts->size();
    const size_t numbers = sources.numbers == nullptr ? 0 : sources.numbers->size();
    if (texts + numbers == 0) break;
    const size_t pick = random->Below(texts + numbers);
    if (pick >= texts) {
      if (ReplaceComparedNumber((*sources.numbers)[pick - texts], random, text)) return;
      continue;
    }
    const ComparedText& compared = (*sources.texts)[pick];
    if (ReplaceOne(compared.have, compared.want, random, text)) return;
    if (compared.have.empty() && FillEmpty(compared.want, random, text)) return;
  }
  text->insert(AnyPlace(*text, random), AnyWord(sources, field, random));
}

void ChangeBytes(Random* random, std::string* text) {
  const TextRange part = AnyRange(*text, random);
  if (part.size == 0) {
    *text += random->Byte();
    return;
  }
  char& byte = (*text)[part.begin];
  switch (random->Below(6)) {
    case 0:
      byte = static_cast<char>(byte ^ 1 << random->Below(8));
      break;
    case 1:
      byte = random->Byte();
      break;
    case 2:
      text->erase(part.begin, part.size);
      break;
    case 3:
      text->insert(part.begin, 1,
                   random->OneIn(2) ? random->Byte() : static_cast<char>(' ' + random->Below(95)));
      break;
    case 4:
      text->insert(AnyPlace(*text, random), text->substr(part.begin, part.size));
      break;
    default:
      std::swap(byte, (*text)[random->Below(text->size())]);
  }
}

}  // namespace

void MutateText(const MutationSources& sources, size_t field, Random* random, std::string* text) {
  const size_t limit = std::min(sources.max_bytes, kMaxInputBytes);
  switch (random->Below(16)) {
    case 0:
      ChangeNumberInText(sources, random, text);
      break;
    case 1:
      WriteBinaryNumber(sources, random, text);
      break;
    case 2:
      text->insert(AnyPlace(*text, random), AnyWord(sources, field, random));
      break;
    case 3: {
      const TextRange part = AnyRange(*text, random);
      text->replace(part.begin, part.size, AnyWord(sources, field, random));
      break;
    }
    case 4:
    case 5:
    case 6:
      FollowComparison(sources, field, random, text);
      break;
    case 7:
      ChangeNesting(random, text);
      break;
    case 8: {  // long inputs are found by doubling
      const TextRange part = random->OneIn(2) ? TextRange{0, text->size()} : AnyRange(*text, random);
      const std::string block = text->substr(part.begin, part.size);
      size_t times = random->OneIn(2) ? 1 : size_t{1} << random->Below(9);
      times = block.empty() ? 0 : std::min(times, (limit - std::min(limit, text->size())) / block.size());
      std::string blocks;
      while (times-- > 0) blocks += block;
      text->insert(part.begin, blocks);
      break;
    }
    case 9:
      InsertPair(sources, field, random, text);
      break;
    case 10:
      ReplaceElement(sources, field, random, text);
      break;
    case 11:
      if (MutateEncoded(sources, field, random, text)) break;
      [[fallthrough]];
    case 12:
      if (MoveDate(random, text)) break;
      [[fallthrough]];
    default:
      ChangeBytes(random, text);
  }
  if (text->size() > limit) text->resize(limit);
}

}  // namespace goleakstress::input
