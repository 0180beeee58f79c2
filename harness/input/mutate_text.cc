// The text mutations of mutate.h.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "harness/input/mutate.h"

namespace goleakstress::input {
namespace {

struct Range {
  size_t begin, size;
};

// A random part of a text, short more often than long; empty only where the text is.
Range AnyRange(const std::string& text, Random* random) {
  if (text.empty()) return {0, 0};
  const size_t begin = random->Below(text.size());
  const size_t room = text.size() - begin;
  return {begin, random->UpTo(random->OneIn(4) ? room : std::min<size_t>(room, 8))};
}

size_t AnyPlace(const std::string& text, Random* random) { return random->Below(text.size() + 1); }

// A word of the package, of a comparison or of another input.
std::string AnyWord(const MutationSources& sources, size_t field, Random* random) {
  if (sources.texts != nullptr && !sources.texts->empty() && random->OneIn(2)) {
    return (*sources.texts)[random->Below(sources.texts->size())].want;
  }
  if (sources.dictionary != nullptr && !sources.dictionary->words.empty() && !random->OneIn(4)) {
    return sources.dictionary->words[random->Below(sources.dictionary->words.size())];
  }
  if (sources.others != nullptr && !sources.others->empty()) {
    const Input& other = (*sources.others)[random->Below(sources.others->size())];
    if (field < other.size()) {
      const Range part = AnyRange(other[field].text, random);
      return other[field].text.substr(part.begin, part.size);
    }
  }
  return std::string(random->UpTo(8), random->Byte());
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A run of decimal digits, with its minus sign, as strtoll would read it.
bool FindNumber(const std::string& text, Random* random, Range* found) {
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
  Range where{};
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
    if (compared.have.empty() && text->empty()) {
      *text = compared.want;
      return;
    }
  }
  text->insert(AnyPlace(*text, random), AnyWord(sources, field, random));
}

// The part from an opening bracket to the one that closes it, brackets included.
bool FindNested(const std::string& text, Random* random, Range* found) {
  const size_t start = text.find_first_of("{[(<", AnyPlace(text, random));
  if (start == std::string::npos) return false;
  const char open = text[start];
  const char close = open == '{' ? '}' : open == '[' ? ']' : open == '(' ? ')' : '>';
  size_t depth = 0;
  for (size_t i = start; i < text.size(); ++i) {
    if (text[i] == open) ++depth;
    if (text[i] == close && --depth == 0) {
      *found = {start, i + 1 - start};
      return true;
    }
  }
  return false;
}

// What stands between two of the characters that separate the elements of lists: a word, a number, a quoted
// string.
Range FindElement(const std::string& text, Random* random) {
  static constexpr std::string_view kSeparators = "{}[](),;:&= \n";
  const size_t at = AnyPlace(text, random);
  const size_t before = at == 0 ? std::string::npos : text.find_last_of(kSeparators, at - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  return {begin, std::min(text.find_first_of(kSeparators, begin), text.size()) - begin};
}

void ChangeNesting(Random* random, std::string* text) {
  Range outer{}, inner{};
  if (random->OneIn(2)) {  // one element more of a list
    const Range element = FindElement(*text, random);
    static constexpr std::string_view kLinks = ",,,;& \n:";
    const std::string copy = kLinks[random->Below(kLinks.size())] + text->substr(element.begin, element.size);
    const size_t times = random->OneIn(4) ? 8 : 1;
    for (size_t i = 0; i < times; ++i) text->insert(element.begin + element.size, copy);
    return;
  }
  if (!FindNested(*text, random, &outer) || !FindNested(*text, random, &inner)) return;
  const std::string copy = text->substr(inner.begin, inner.size);
  text->replace(outer.begin, outer.size,
                random->OneIn(2) ? copy : text->substr(outer.begin, outer.size) + "," + copy);
}

void ChangeBytes(Random* random, std::string* text) {
  const Range part = AnyRange(*text, random);
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
  switch (random->Below(12)) {
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
      const Range part = AnyRange(*text, random);
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
      const Range part = random->OneIn(2) ? Range{0, text->size()} : AnyRange(*text, random);
      const std::string block = text->substr(part.begin, part.size);
      const size_t times = random->OneIn(8) ? 16 : 1;
      for (size_t i = 0; i < times && text->size() + block.size() <= limit; ++i)
        text->insert(part.begin, block);
      break;
    }
    default:
      ChangeBytes(random, text);
  }
  if (text->size() > limit) text->resize(limit);
}

}  // namespace goleakstress::input
