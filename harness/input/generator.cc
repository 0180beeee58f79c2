#include "harness/input/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace goleakstress::input {
namespace {

constexpr size_t kMaxEarlier = 256;
constexpr size_t kMaxEarlierBytes = 4096;  // larger inputs are not mutated further: they only grow
constexpr size_t kFewestRepeated = 4, kMostRepeated = 16;
constexpr int kTries = 64;  // until the domain counts as exhausted

bool IsWordCharacter(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c == '-';
}

}  // namespace

Generator::Generator(Kinds kinds, const std::vector<Input>& seeds, Dictionary dictionary, uint64_t seed)
    : kinds_(std::move(kinds)), dictionary_(std::move(dictionary)), random_(seed) {
  for (const Input& input : seeds) {
    if (Matches(input, kinds_) && Size(input) <= kMaxInputBytes) seeds_.push_back(input);
  }
  for (const Input& input : seeds_) {
    if (repeated_.size() < kMostRepeated && given_.insert(Hash(input)).second) repeated_.push_back(input);
  }
  while (repeated_.size() < kFewestRepeated && !exhausted_) {
    Input input = Next();
    if (!exhausted_ || repeated_.empty()) repeated_.push_back(std::move(input));
  }
  exhausted_ = false;
}

absl::StatusOr<std::vector<Input>> Generator::Take(size_t count) {
  std::vector<Input> inputs;
  while (inputs.size() < count) inputs.push_back(Next());
  return inputs;
}

Input Generator::Next() {
  for (int i = 0; i < kTries; ++i) {
    Input input = Propose();
    if (!given_.insert(Hash(input)).second) continue;
    Remember(input);
    return input;
  }
  exhausted_ = true;
  return Propose();
}

Input Generator::Propose() {
  if (kinds_.empty()) return {};
  const uint64_t die = random_.Below(10);
  if (die < 5) {
    Input base = seeds_.empty() ? ZeroInput(kinds_) : seeds_[random_.Below(seeds_.size())];
    return WithTokens(std::move(base));
  }
  if (die < 8 && (!seeds_.empty() || !earlier_.empty())) {
    Input input = AnyEarlier();
    const MutationSources sources{.dictionary = &dictionary_, .others = seeds_.empty() ? &earlier_ : &seeds_};
    Mutate(sources, &random_, &input);
    return input;
  }
  Input input;
  for (Kind kind : kinds_) input.push_back(RandomValue(kind, &random_));
  return input;
}

// Every text gets a token, so that whichever of them is a key is a new one; where there is no text, every
// integer does.
Input Generator::WithTokens(Input input) {
  const bool any_text = std::any_of(kinds_.begin(), kinds_.end(), IsText);
  for (Value& value : input) {
    if (IsText(value.kind)) {
      PlaceToken(&value.text);
    } else if (!any_text && value.kind != Kind::kBool) {
      // An odd multiplier walks through all numbers of a width before any comes again.
      value.bits =
          Canonical(value.kind, value.bits + ++tokens_ * (random_.OneIn(2) ? 1 : 0x9E3779B97F4A7C15));
    }
  }
  Cap(&input);
  return input;
}

std::string Generator::Token() { return fmt::format("k{:x}{:04x}", ++tokens_, random_.Next() >> 48); }

std::string Generator::DigitToken(size_t at_least) {
  return fmt::format("{}{}", random_.UpTo(9),
                     fmt::format("{:0{}}", ++tokens_, at_least > 1 ? at_least - 1 : 1));
}

// Text with structure keeps it: one word or number of it becomes the token, one behind a separator rather
// than a name before it. Text that is one word, or has none, is replaced or added to.
void Generator::PlaceToken(std::string* text) {
  size_t start = random_.Below(text->size() + 1);
  if (!random_.OneIn(4)) {
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
  if (begin == end || (begin == first && end == text->end() && random_.OneIn(2))) {
    *text += Token();
    return;
  }
  const bool digits = std::all_of(begin, end, [](char c) { return c >= '0' && c <= '9'; });
  text->replace(begin, end, digits ? DigitToken(static_cast<size_t>(end - begin)) : Token());
}

const Input& Generator::AnyEarlier() {
  const uint64_t at = random_.Below(seeds_.size() + earlier_.size());
  return at < seeds_.size() ? seeds_[at] : earlier_[at - seeds_.size()];
}

// Keeps a sample: the first inputs, then one in eight in the place of an older one.
void Generator::Remember(const Input& input) {
  if (Size(input) > kMaxEarlierBytes) return;
  if (earlier_.size() < kMaxEarlier) {
    earlier_.push_back(input);
  } else if (random_.OneIn(8)) {
    earlier_[random_.Below(kMaxEarlier)] = input;
  }
}

}  // namespace goleakstress::input
