#include "harness/input/minimise.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace goleakstress::input {
namespace {

// A predicate with a budget and a memory. Over budget every answer is no.
class Judge {
 public:
  Judge(const InputPredicate& holds, size_t most_tries)
      : holds_(holds), left_(most_tries), most_(most_tries) {}

  bool operator()(const Input& input) {
    const uint64_t hash = Hash(input);
    if (const auto known = known_.find(hash); known != known_.end()) return known->second;
    if (left_ == 0) {
      exhausted_ = true;
      return false;
    }
    --left_;
    return known_[hash] = holds_(input);
  }
  size_t tries() const { return most_ - left_; }
  size_t left() const { return left_; }
  bool exhausted() const { return exhausted_; }

 private:
  const InputPredicate& holds_;
  size_t left_, most_;
  bool exhausted_ = false;
  std::unordered_map<uint64_t, bool> known_;
};

// Zeller and Hildebrandt's ddmin, complements only: takes out parts of half the size, a quarter, ... one
// element, as long as what remains holds. `Items` is a string or a vector. Returns whether anything was taken
// out.
template <typename Items, typename Holds>
bool DeltaDebug(Items* items, const Holds& holds) {
  bool any = false;
  for (size_t part = std::max<size_t>(items->size() / 2, 1); !items->empty();) {
    bool removed = false;
    for (size_t at = 0; at < items->size();) {
      Items without = *items;
      const auto begin = without.begin() + static_cast<std::ptrdiff_t>(at);
      without.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(part, items->size() - at)));
      if (holds(without)) {
        *items = std::move(without);
        removed = any = true;
      } else {
        at += part;
      }
    }
    if (part > 1) {
      part = std::max<size_t>(part / 2, 1);
    } else if (!removed) {
      break;
    }
  }
  return any;
}

// What a byte may become so that the text reads easier: the plainest of its own kind.
char PlainerByte(char c) {
  if (c >= '0' && c <= '9') return '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') return 'a';
  return c >= ' ' && c <= '~' ? c : '0';
}

bool ShrinkText(Input* input, size_t field, Judge* judge) {
  Input trial = *input;
  const auto holds = [&](const std::string& text) {
    trial[field].text = text;
    return (*judge)(trial);
  };
  std::string text = (*input)[field].text;
  bool any = DeltaDebug(&text, holds);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string plainer = text;
    plainer[i] = PlainerByte(text[i]);
    if (plainer[i] == text[i] || !holds(plainer)) continue;
    text = std::move(plainer);
    any = true;
  }
  (*input)[field].text = std::move(text);
  return any;
}

// Simpler numbers than this one, simplest first.
std::vector<uint64_t> SimplerNumbers(const Value& value) {
  std::vector<uint64_t> simpler;
  if (IsFloat(value.kind)) {
    const bool wide = value.kind == Kind::kFloat64;
    const double real = wide ? std::bit_cast<double>(value.bits)
                             : static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(value.bits)));
    for (double candidate : {1.0, -1.0, std::trunc(real), std::trunc(real / 2)}) {
      simpler.push_back(wide ? FloatValue(candidate).bits : FloatValue(static_cast<float>(candidate)).bits);
    }
    // Only towards zero, or the shrinking would never end.
    std::erase_if(simpler, [&](uint64_t bits) {
      const double candidate = wide ? std::bit_cast<double>(bits)
                                    : static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits)));
      return !(std::fabs(candidate) < std::fabs(real)) && !std::isnan(real);
    });
    return simpler;
  }
  const bool negative = IsSigned(value.kind) && static_cast<int64_t>(value.bits) < 0;
  const uint64_t size = negative ? -value.bits : value.bits;
  if (negative) simpler.push_back(size);  // the same without its sign
  const auto add = [&](uint64_t candidate) {
    if (candidate < size) simpler.push_back(negative ? -candidate : candidate);
  };
  add(1);
  const int width = static_cast<int>(std::bit_width(size));
  for (int cut = width - 1; cut > 0; --cut) add(size >> cut);
  for (int bit = 63; bit >= 0; --bit) {
    if (size >> bit & 1) add(size & ~(uint64_t{1} << bit));
  }
  add(size - 1);
  return simpler;
}

bool ShrinkNumber(Input* input, size_t field, Judge* judge) {
  bool any = false;
  for (bool again = true; again;) {
    again = false;
    for (uint64_t bits : SimplerNumbers((*input)[field])) {
      Input trial = *input;
      trial[field] = BitsValue(trial[field].kind, bits);
      if (trial == *input || !(*judge)(trial)) continue;
      *input = std::move(trial);
      any = again = true;
      break;
    }
  }
  return any;
}

bool ShrinkOnce(Input* input, Judge* judge) {
  bool any = false;
  for (size_t field = 0; field < input->size(); ++field) {
    const Value zero{(*input)[field].kind, {}, 0};
    if ((*input)[field] == zero) continue;
    Input trial = *input;
    trial[field] = zero;
    if ((*judge)(trial)) {
      *input = std::move(trial);
      any = true;
    }
  }
  for (size_t field = 0; field < input->size(); ++field) {
    any |= IsText((*input)[field].kind) ? ShrinkText(input, field, judge) : ShrinkNumber(input, field, judge);
  }
  return any;
}

// An order that readers will find natural: numbers and texts by size, from the first argument on.
bool Before(const Input& a, const Input& b) {
  return std::lexicographical_compare(
      a.begin(), a.end(), b.begin(), b.end(), [](const Value& one, const Value& other) {
        return std::tie(one.bits, one.text) < std::tie(other.bits, other.text);
      });
}

}  // namespace

MinimisedInput Minimise(const Input& input, const std::vector<Input>& unrelated, const InputPredicate& holds,
                        size_t most_tries) {
  Judge judge(holds, most_tries);
  MinimisedInput result{.input = input};
  const Input zero = ZeroInput(KindsOf(input));
  if (input == zero || judge(zero)) {
    result.input = zero;
    result.any_input = std::all_of(unrelated.begin(), unrelated.end(), std::ref(judge));
  } else {
    while (ShrinkOnce(&result.input, &judge)) {
    }
  }
  result.tries = judge.tries();
  result.finished = !judge.exhausted();
  return result;
}

MinimisedSequence Minimise(const Sequence& calls, const SequencePredicate& holds, size_t most_tries) {
  MinimisedSequence result{.calls = calls};
  size_t left = most_tries;
  bool exhausted = false;
  const auto within_budget = [&](const Sequence& trial) {
    if (left == 0) {
      exhausted = true;
      return false;
    }
    --left;
    return holds(trial);
  };
  DeltaDebug(&result.calls, [&](const Sequence& trial) { return !trial.empty() && within_budget(trial); });
  for (size_t i = 0; i < result.calls.size() && left > 0; ++i) {
    Sequence trial = result.calls;
    const InputPredicate call_holds = [&](const Input& input) {
      trial[i] = input;
      return holds(trial);
    };
    const MinimisedInput smaller = Minimise(result.calls[i], {}, call_holds, left);
    result.calls[i] = smaller.input;
    left -= smaller.tries;
    exhausted |= !smaller.finished;
  }
  const auto first = std::min_element(result.calls.begin(), result.calls.end(), Before);
  if (first != result.calls.begin()) {
    Sequence turned = result.calls;
    std::rotate(turned.begin(), turned.begin() + (first - result.calls.begin()), turned.end());
    if (within_budget(turned)) result.calls = std::move(turned);
  }
  result.tries = most_tries - left;
  result.finished = !exhausted;
  return result;
}

}  // namespace goleakstress::input
