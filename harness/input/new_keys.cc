#include "harness/input/new_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace goleakstress::input {
namespace {

bool IsWordCharacter(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '-';
}

}  // namespace

void NewKeys::PutEverywhere(Random* random, Input* input) {
  const bool any_text =
      std::any_of(input->begin(), input->end(), [](const Value& v) { return IsText(v.kind); });
  for (Value& value : *input) {
    if (IsText(value.kind)) {
      PutInText(random, &value.text);
    } else if (!any_text) {
      PutInNumber(random, &value);
    }
  }
  Cap(input);
}

void NewKeys::PutInOne(Random* random, Input* input) {
  if (input->empty()) return;
  Value& value = (*input)[random->Below(input->size())];
  if (IsText(value.kind)) {
    PutInText(random, &value.text);
  } else {
    PutInNumber(random, &value);
  }
  Cap(input);
}

void NewKeys::PutInNumber(Random* random, Value* value) {
  if (value->kind == Kind::kBool) return;
  // An odd multiplier walks through all numbers of a width before any comes again.
  value->bits = Canonical(value->kind, value->bits + ++made_ * (random->OneIn(2) ? 1 : 0x9E3779B97F4A7C15));
}

std::string NewKeys::Token(Random* random) {
  return fmt::format("k{:x}{:04x}", ++made_, random->Next() >> 48);
}

std::string NewKeys::DigitToken(Random* random, size_t at_least) {
  return fmt::format("{}{:0{}}", random->UpTo(9), ++made_, at_least > 1 ? at_least - 1 : 1);
}

// Text with structure keeps it: one word or number of it becomes the token, one behind a separator rather
// than a name before it. Text that is one word, or has none, is replaced or added to.
void NewKeys::PutInText(Random* random, std::string* text) {
  size_t start = random->Below(text->size() + 1);
  if (!random->OneIn(4)) {
    static constexpr std::string_view kSeparators = ":=/";
    const size_t behind = text->find_first_of(kSeparators, start);
    const size_t separator = behind != text->npos ? behind : text->find_last_of(kSeparators, start);
    if (separator != text->npos) start = separator;
  }
  const auto first = text->begin();
  const auto from = first + static_cast<std::ptrdiff_t>(start);
  auto begin = std::find_if(from, text->end(), IsWordCharacter);
  if (begin == text->end()) begin = std::find_if(first, text->end(), IsWordCharacter);
  while (begin != first && IsWordCharacter(*std::prev(begin))) --begin;
  const auto end = std::find_if_not(begin, text->end(), IsWordCharacter);
  if (begin == end || (begin == first && end == text->end() && random->OneIn(2))) {
    *text += Token(random);
    return;
  }
  const bool digits = std::all_of(begin, end, [](char c) { return c >= '0' && c <= '9'; });
  text->replace(begin, end, digits ? DigitToken(random, static_cast<size_t>(end - begin)) : Token(random));
}

}  // namespace goleakstress::input
