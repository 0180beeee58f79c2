#include "harness/input/mutate_structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace goleakstress::input {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kHex = "0123456789abcdef";

// One of the given characters, the first behind a random place, else the first of all.
size_t FindFrom(const std::string& text, std::string_view characters, Random* random) {
  const size_t behind = text.find_first_of(characters, AnyPlace(text, random));
  return behind != text.npos ? behind : text.find_first_of(characters);
}

// The part from an opening bracket to the one that closes it, brackets included.
bool FindNested(const std::string& text, Random* random, TextRange* found) {
  const size_t start = FindFrom(text, "{[(<", random);
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
TextRange FindElement(const std::string& text, std::string_view separators, Random* random) {
  const size_t at = AnyPlace(text, random);
  const size_t before = at == 0 ? std::string::npos : text.find_last_of(separators, at - 1);
  const size_t begin = before == std::string::npos ? 0 : before + 1;
  return {begin, std::min(text.find_first_of(separators, begin), text.size()) - begin};
}

std::string JsonValue(const std::string& word, Random* random) {
  switch (random->Below(8)) {
    case 0:
      return "{}";
    case 1: {
      std::string list = fmt::format("[\"{}\"", word);
      for (uint64_t more = random->Below(4); more > 0; --more) list += fmt::format(",\"{}\"", word);
      return list += "]";
    }
    case 2:
      return random->OneIn(2) ? "true" : "null";
    case 3:
      return fmt::format("{}", random->Below(1000));
    default:
      return fmt::format("\"{}\"", word);
  }
}

std::optional<std::string> DecodeHex(std::string_view text) {
  if (text.size() < 4 || text.size() % 2 != 0) return std::nullopt;
  std::string decoded;
  for (size_t i = 0; i < text.size(); i += 2) {
    const size_t high = kHex.find(static_cast<char>(text[i] | 0x20)),
                 low = kHex.find(static_cast<char>(text[i + 1] | 0x20));
    if (high == kHex.npos || low == kHex.npos) return std::nullopt;
    decoded += static_cast<char>(high << 4 | low);
  }
  return decoded;
}

std::string EncodeHex(std::string_view text) {
  std::string encoded;
  for (char c : text)
    encoded += {kHex[static_cast<unsigned char>(c) >> 4], kHex[static_cast<unsigned char>(c) & 15]};
  return encoded;
}

std::optional<std::string> DecodeBase64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() < 4 || text.size() % 4 == 1) return std::nullopt;
  std::string decoded;
  uint32_t bits = 0;
  int have = 0;
  for (char c : text) {
    const size_t digit = kBase64.find(c == '-' ? '+' : c == '_' ? '/' : c);
    if (digit == kBase64.npos) return std::nullopt;
    bits = bits << 6 | static_cast<uint32_t>(digit);
    have += 6;
    if (have >= 8) {
      have -= 8;
      decoded += static_cast<char>(bits >> have);
    }
  }
  return decoded;
}

std::string EncodeBase64(std::string_view text, bool padded, bool for_urls) {
  std::string encoded;
  for (size_t i = 0; i < text.size(); i += 3) {
    uint32_t group = 0;
    for (size_t j = 0; j < 3; ++j) {
      group = group << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
    }
    const size_t digits = std::min<size_t>(text.size() - i, 3) + 1;
    for (size_t j = 0; j < digits; ++j) {
      const char c = kBase64[group >> (18 - 6 * j) & 63];
      encoded += for_urls && c == '+' ? '-' : for_urls && c == '/' ? '_' : c;
    }
    if (padded) encoded.append(4 - digits, '=');
  }
  return encoded;
}

std::string DecodePercent(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const std::optional<std::string> byte = text[i] == '%' && i + 2 < text.size()
                                                ? DecodeHex(fmt::format("{0}{0}", text.substr(i + 1, 2)))
                                                : std::nullopt;
    decoded += byte ? byte->front() : text[i];
    if (byte) i += 2;
  }
  return decoded;
}

std::string EncodePercent(std::string_view text) {
  std::string encoded;
  for (char c : text) {
    const bool plain = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
                       c == '_' || c == '.';
    encoded += plain ? std::string(1, c) : fmt::format("%{}", EncodeHex({&c, 1}));
  }
  return encoded;
}

}  // namespace

TextRange AnyRange(const std::string& text, Random* random) {
  if (text.empty()) return {0, 0};
  const size_t begin = random->Below(text.size());
  const size_t room = text.size() - begin;
  return {begin, random->UpTo(random->OneIn(4) ? room : std::min<size_t>(room, 8))};
}

size_t AnyPlace(const std::string& text, Random* random) { return random->Below(text.size() + 1); }

std::string AnyWord(const MutationSources& sources, size_t field, Random* random) {
  if (sources.texts != nullptr && !sources.texts->empty() && random->OneIn(3)) {
    return (*sources.texts)[random->Below(sources.texts->size())].want;
  }
  if (sources.dictionary != nullptr && !sources.dictionary->words.empty() && !random->OneIn(4)) {
    return sources.dictionary->words[random->Below(sources.dictionary->words.size())];
  }
  if (sources.others != nullptr && !sources.others->empty() && !random->OneIn(4)) {
    const Input& other = (*sources.others)[random->Below(sources.others->size())];
    if (field < other.size()) {
      const TextRange part = AnyRange(other[field].text, random);
      return other[field].text.substr(part.begin, part.size);
    }
  }
  return std::string(random->UpTo(8), random->Byte());
}

void ChangeNesting(Random* random, std::string* text) {
  TextRange outer{}, inner{};
  if (random->OneIn(2)) {
    const TextRange element = FindElement(*text, "{}[](),;:&= \n", random);
    static constexpr std::string_view kLinks = ",,,;& \n:";
    std::string copy = text->substr(element.begin, element.size);
    copy.insert(copy.begin(), kLinks[random->Below(kLinks.size())]);
    const size_t times = random->OneIn(4) ? 8 : 1;
    for (size_t i = 0; i < times; ++i) text->insert(element.begin + element.size, copy);
    return;
  }
  if (!FindNested(*text, random, &outer) || !FindNested(*text, random, &inner)) return;
  const std::string copy = text->substr(inner.begin, inner.size);
  if (random->OneIn(2)) {
    text->replace(outer.begin, outer.size, copy);
  } else {
    text->insert(outer.begin + outer.size, fmt::format(",{}", copy));
  }
}

void InsertPair(const MutationSources& sources, size_t field, Random* random, std::string* text) {
  const std::string name = AnyWord(sources, field, random), value = AnyWord(sources, field, random);
  const size_t brace = FindFrom(*text, "{", random);
  if (brace != std::string::npos) {
    const bool only = text->find_first_not_of(" \n\t", brace + 1) == text->find('}', brace);
    text->insert(brace + 1, fmt::format("\"{}\":{}{}", name, JsonValue(value, random), only ? "" : ","));
  } else if (text->find(": ") != std::string::npos) {
    const size_t line = text->rfind('\n', AnyPlace(*text, random));
    text->insert(line == std::string::npos ? 0 : line + 1, fmt::format("{}: {}\r\n", name, value));
  } else if (text->find('=') != std::string::npos || text->find('?') != std::string::npos) {
    *text += fmt::format("&{}={}", name, value);
  } else {
    static constexpr std::string_view kLinks = " ;,?\n";
    *text += fmt::format("{}{}={}", kLinks[random->Below(kLinks.size())], name, value);
  }
}

void ReplaceElement(const MutationSources& sources, size_t field, Random* random, std::string* text) {
  if (sources.dictionary != nullptr && !sources.dictionary->templates.empty() && random->OneIn(3)) {
    *text = sources.dictionary->templates[random->Below(sources.dictionary->templates.size())];
    return;
  }
  const TextRange element = FindElement(*text, "{}[](),;:&=? \n\"/", random);
  text->replace(element.begin, element.size, AnyWord(sources, field, random));
}

bool MutateEncoded(const MutationSources& sources, size_t field, Random* random, std::string* text) {
  const TextRange element = FindElement(*text, "{}[](),;:& \n\"?.", random);
  const std::string encoded = text->substr(element.begin, element.size);
  std::string changed;
  if (std::optional<std::string> hex = DecodeHex(encoded); hex && random->OneIn(2)) {
    MutateText(sources, field, random, &*hex);
    changed = EncodeHex(*hex);
  } else if (encoded.find('%') != encoded.npos) {
    std::string decoded = DecodePercent(encoded);
    MutateText(sources, field, random, &decoded);
    changed = EncodePercent(decoded);
  } else if (std::optional<std::string> base64 = DecodeBase64(encoded)) {
    MutateText(sources, field, random, &*base64);
    changed = EncodeBase64(*base64, encoded.ends_with('=') || encoded.size() % 4 == 0,
                           encoded.find_first_of("-_") != encoded.npos);
  } else {
    return false;
  }
  text->replace(element.begin, element.size, changed);
  return true;
}

}  // namespace goleakstress::input
