#include "harness/input/generator.h"

#include <utility>

namespace goleakstress::input {
namespace {

constexpr size_t kMaxEarlier = 256;
constexpr size_t kMaxEarlierBytes = 4096;  // larger inputs are not mutated further: they only grow
constexpr size_t kFewestRepeated = 4, kMostRepeated = 16;
constexpr int kTries = 64;  // until the domain counts as exhausted

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
    keys_.PutEverywhere(&random_, &base);
    return base;
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
