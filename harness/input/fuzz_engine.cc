#include "harness/input/fuzz_engine.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "harness/input/dictionary.h"
#include "harness/input/fuzz_arena.h"
#include "harness/input/leak_features.h"
#include "harness/input/mutate.h"
#include "harness/input/new_keys.h"
#include "harness/input/random.h"

// libFuzzer and the functions by which instrumented code registers itself with it.
extern "C" {
int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*run)(const uint8_t* data, size_t size));
void __sanitizer_cov_8bit_counters_init(uint8_t* begin, uint8_t* end);
void __sanitizer_cov_pcs_init(const uintptr_t* begin, const uintptr_t* end);
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed);
}

namespace goleakstress::input {
namespace {

constexpr size_t kMaxOthers = 512;  // inputs kept for cross-over
// libFuzzer's corpus loses what is not needed for an edge: the names and members that the next edge would
// need. The first inputs, seeds most of them, stay here whole.
constexpr size_t kOthersForGood = 64;
constexpr size_t kMaxOtherBytes = 16384;
constexpr size_t kMaxRemembered = 1024;   // units whose comparisons are kept
constexpr size_t kMaxComparedKept = 512;  // of each of them, texts and numbers each
constexpr size_t kMaxPending = 256;
// A batch takes about so long: short against what a user waits for, long against a round trip.
constexpr std::chrono::microseconds kBatchTime(5000);
constexpr size_t kLeastBatch = 4;
// Soaks cost garbage collections and kSoakCalls calls; they get one part in so many of the time.
constexpr int kSoakShare = 8;
// Memory may be kept on a path of which every edge is old. So some mutants are looked at for that alone: many
// at a time, each called so often that one object per call stands out, in one part in so many of the time.
constexpr size_t kFewestLetters = 3, kMostLetters = 8;  // of a row's alphabet
constexpr uint64_t kRowOdds = 4;                        // one screen in so many comes with a row
constexpr int kRowsAgain = 3;  // a row must leave something so often, beside the first time
constexpr size_t kSieved = 32;
constexpr int kSieveShare = 4;

struct Comparisons {
  std::vector<ComparedText> texts;
  std::vector<ComparedNumber> numbers;
};

uint64_t HashBytes(const uint8_t* data, size_t size) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < size; ++i) hash = (hash ^ data[i]) * 0x100000001b3;
  return hash;
}

// libFuzzer calls plain functions, and there is one of it per process: so there is one Engine.
class Engine {
 public:
  Engine(FuzzEngineOptions options, FuzzArena arena)
      : options_(std::move(options)),
        arena_(std::move(arena)),
        dictionary_(ReadPackageDictionary(options_.package)),
        random_(options_.seed),
        leak_features_(kLeakFeatures + 8) {}

  // Makes the target's counters and the leak features known to libFuzzer.
  void Register() {
    const size_t edges = options_.guidance.coverage ? arena_.counter_count() : 0;
    if (edges > 0) RegisterCounters(arena_.counters(), edges);
    RegisterCounters(leak_features_.data(), leak_features_.size());
  }

  int RunOne(const uint8_t* data, size_t size);
  size_t MutateUnit(uint8_t* data, size_t size, size_t max_size, unsigned int seed);

 private:
  void RegisterCounters(uint8_t* counters, size_t count) {
    // libFuzzer wants a table of as many program counters; they only have to differ and not to be 0.
    std::vector<uintptr_t>& table = pc_tables_.emplace_back(2 * count);
    for (size_t i = 0; i < count; ++i) table[2 * i] = next_pc_++;
    __sanitizer_cov_8bit_counters_init(counters, counters + count);
    __sanitizer_cov_pcs_init(table.data(), table.data() + table.size());
  }

  // Has the target call the inputs; returns how many there was room for.
  size_t Exchange(FuzzMode mode, const std::vector<Input>& inputs);
  const Comparisons& ComparisonsOf(uint64_t unit, const Input& input);
  void Screen(const Input& base, const Comparisons& compared);
  Input Mutant(const Input& base, const MutationSources& sources);
  bool SoakIsDue() const { return soak_time_ * kSoakShare <= std::chrono::steady_clock::now() - start_; }
  void Soak(const Input& input);
  bool SieveIsDue() const { return sieve_time_ * kSieveShare <= std::chrono::steady_clock::now() - start_; }
  void Sieve(std::vector<Input> suspects);
  bool Keeps(FuzzMode mode, const std::vector<Input>& inputs, size_t calls);
  std::vector<Input> Row(const Input& base, const Comparisons& compared);
  void TryRow(const Input& base, const Comparisons& compared);
  void KeepWhatReachesNewCode(const std::vector<Input>& inputs, size_t made);
  int64_t LeftBehind(size_t calls) const;
  void NoteLeak(LeakKind kind, uint64_t site, int64_t growth);

  FuzzEngineOptions options_;
  FuzzArena arena_;
  Dictionary dictionary_;
  Random random_;
  std::vector<uint8_t> leak_features_;
  std::deque<std::vector<uintptr_t>> pc_tables_;
  uintptr_t next_pc_ = 0x10000;

  std::vector<Input> others_;
  std::unordered_map<uint64_t, Comparisons> remembered_;
  std::deque<Input> pending_;   // mutants to be run
  size_t promising_count_ = 0;  // how many of them, from the front, showed something new
  bool promising_ = false;      // the unit to be run next is one
  bool mutating_ = false;       // the seeds are behind us
  std::deque<Input> unsoaked_;  // units that wait for soaks to have time
  NewKeys keys_;
  size_t batch_ = kLeastBatch;
  std::chrono::steady_clock::duration soak_time_{}, sieve_time_{};
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

Engine* the_engine = nullptr;

size_t Engine::Exchange(FuzzMode mode, const std::vector<Input>& inputs) {
  arena_.Set(&ArenaHeader::mode, static_cast<uint64_t>(mode));
  arena_.Set(&ArenaHeader::comparisons, 0);
  const size_t count = arena_.WriteBatch(inputs);
  char byte = 'r';
  while (write(kFuzzEngineSocket, &byte, 1) < 0 && errno == EINTR) {
  }
  ssize_t n;
  while ((n = read(kFuzzEngineSocket, &byte, 1)) < 0 && errno == EINTR) {
  }
  // The orchestrator is done with us, or gone. Nothing is to be flushed: libFuzzer writes its corpus at once.
  if (n <= 0) _exit(0);
  return count;
}

int Engine::RunOne(const uint8_t* data, size_t size) {
  const absl::StatusOr<Input> input = DecodeUnit(data, size, options_.kinds);
  if (!input.ok()) return -1;
  std::fill(leak_features_.begin(), leak_features_.end(), uint8_t{0});
  if (Exchange(FuzzMode::kRecord, {*input}) == 0) return -1;
  const CallRecord record = arena_.Record(0);
  if (record.state != static_cast<uint32_t>(CallState::kEnded)) {
    std::memset(arena_.counters(), 0, arena_.counter_count());
    return -1;
  }
  leak_features_.back() = 1;  // without any feature at all libFuzzer gives up
  if (others_.size() < kMaxOthers) {
    others_.push_back(*input);
  } else if (Size(*input) <= kMaxOtherBytes) {
    others_[kOthersForGood + random_.Below(kMaxOthers - kOthersForGood)] = *input;
  }
  if (record.goroutines > 0 || record.resources > 0) {
    // What the scheduler left for a moment is not left again.
    Exchange(FuzzMode::kRecord, {*input});
    const CallRecord again = arena_.Record(0);
    NoteLeak(LeakKind::kGoroutines, record.site, std::min(record.goroutines, again.goroutines));
    NoteLeak(LeakKind::kResources, 0, std::min(record.resources, again.resources));
  }
  promising_ = promising_ || record.new_edges > 0;  // what was not screened
  if (promising_ && SoakIsDue()) {
    Soak(*input);
  } else if ((promising_ || !mutating_) && unsoaked_.size() < kMaxPending) {
    unsoaked_.push_back(*input);
  }
  promising_ = false;
  return 0;
}

void Engine::NoteLeak(LeakKind kind, uint64_t site, int64_t growth) {
  if (!options_.guidance.leaks) return;
  if (const auto feature = LeakFeature(kind, site, growth)) leak_features_[*feature] = 1;
}

// An edge is new once: what reaches it while something else is looked for must get to libFuzzer as well.
void Engine::KeepWhatReachesNewCode(const std::vector<Input>& inputs, size_t made) {
  if (!options_.guidance.coverage) return;
  for (size_t i = 0; i < std::min(made, inputs.size()) && pending_.size() < kMaxPending; ++i) {
    if (arena_.Record(i).state != static_cast<uint32_t>(CallState::kEnded)) continue;
    if (arena_.Record(i).new_edges == 0) continue;
    pending_.push_front(inputs[i]);
    ++promising_count_;
  }
}

// Calls the input many times with changing keys, to see whether the heap keeps something of every call.
void Engine::Soak(const Input& input) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Input> calls = {input};
  while (calls.size() < kSoakCalls) {
    calls.push_back(input);
    if (!random_.OneIn(4)) keys_.PutInOne(&random_, &calls.back());
  }
  // The counters that libFuzzer is to look at are those of the input itself.
  const size_t made = Exchange(FuzzMode::kSoak, calls);
  KeepWhatReachesNewCode(calls, made);
  if (made == kSoakCalls && arena_.Record(kSoakCalls - 1).state == static_cast<uint32_t>(CallState::kEnded)) {
    NoteLeak(LeakKind::kHeap, 0, arena_.SoakedObjects() - kSoakNoise);
  }
  soak_time_ += std::chrono::steady_clock::now() - begin;
}

// Whether something of every call stays, when the inputs are called in turns.
bool Engine::Keeps(FuzzMode mode, const std::vector<Input>& inputs, size_t calls) {
  std::vector<Input> batch;
  while (batch.size() < calls) batch.push_back(inputs[batch.size() % inputs.size()]);
  const size_t made = Exchange(mode, batch);
  KeepWhatReachesNewCode(batch, made);
  if (made != calls) return false;
  if (arena_.Record(calls - 1).state != static_cast<uint32_t>(CallState::kEnded)) return false;
  return arena_.SoakedObjects() - kSoakNoise / 2 >= static_cast<int64_t>(calls / inputs.size()) / 2;
}

// Halves the suspects as long as they keep something; what is lazy or bounded does so once and not again.
void Engine::Sieve(std::vector<Input> suspects) {
  const auto begin = std::chrono::steady_clock::now();
  bool keeps = Keeps(FuzzMode::kSieve, suspects, kMaxBatch);
  keeps = keeps && Keeps(FuzzMode::kSieve, suspects, kMaxBatch);
  while (keeps && suspects.size() > 1) {
    const auto middle = suspects.begin() + static_cast<std::ptrdiff_t>(suspects.size() / 2);
    const std::vector<Input> first(suspects.begin(), middle), second(middle, suspects.end());
    keeps = Keeps(FuzzMode::kSieve, first, kMaxBatch);
    suspects = first;
    if (keeps) continue;
    keeps = Keeps(FuzzMode::kSieve, second, kMaxBatch);
    suspects = second;
  }
  // FuzzSource notes what is soaked.
  if (keeps && Keeps(FuzzMode::kSoak, suspects, kSoakCalls)) {
    pending_.push_front(suspects.front());
    ++promising_count_;
  }
  sieve_time_ += std::chrono::steady_clock::now() - begin;
}

// Calls at random out of few that differ in one argument: programs with a state take small numbers, as iota
// makes them, or words, and leak where some of these come in the right order. Half of the rows for several
// arguments are of whole inputs, seeds most of them: the calls of a combined entry have no argument in
// common.
std::vector<Input> Engine::Row(const Input& base, const Comparisons& compared) {
  const size_t field = random_.Below(base.size());
  const size_t letters = kFewestLetters + random_.Below(kMostLetters - kFewestLetters + 1);
  const bool whole = base.size() > 1 && !others_.empty() && random_.OneIn(2);
  const size_t among = whole ? size_t{8} << random_.Below(4) : 0;  // the fewer, the more of them are seeds
  std::vector<Input> alphabet;
  for (size_t i = 0; i < letters; ++i) {
    if (whole) {
      alphabet.push_back(others_[random_.Below(std::min(others_.size(), among))]);
      continue;
    }
    Input& letter = alphabet.emplace_back(base);
    Value& value = letter[field];
    if (!IsText(value.kind)) {
      value = IsFloat(value.kind) ? FloatValue(static_cast<double>(i)) : BitsValue(value.kind, i);
      if (value.kind != base[field].kind) value = FloatValue(static_cast<float>(i));
    } else if (!compared.texts.empty() && random_.OneIn(2)) {
      value.text = compared.texts[random_.Below(compared.texts.size())].want;
    } else if (!dictionary_.words.empty()) {
      value.text = dictionary_.words[random_.Below(dictionary_.words.size())];
    }
  }
  std::vector<Input> row;
  while (row.size() < batch_) row.push_back(alphabet[random_.Below(alphabet.size())]);
  return row;
}

// What so many calls left behind on balance.
int64_t Engine::LeftBehind(size_t calls) const {
  int64_t goroutines = 0, resources = 0;
  for (size_t i = 0; i < calls; ++i) {
    const CallRecord record = arena_.Record(i);
    if (record.state != static_cast<uint32_t>(CallState::kEnded)) return 0;
    goroutines += record.goroutines;
    resources += record.resources;
  }
  return std::max(goroutines, resources);
}

void Engine::TryRow(const Input& base, const Comparisons& compared) {
  const std::vector<Input> row = Row(base, compared);
  size_t calls = Exchange(FuzzMode::kScreen, row);
  KeepWhatReachesNewCode(row, calls);
  for (int again = 0; again < kRowsAgain && LeftBehind(calls) > 0; ++again) {
    calls = Exchange(again + 1 < kRowsAgain ? FuzzMode::kScreen : FuzzMode::kRow, row);
  }
}

Input Engine::Mutant(const Input& base, const MutationSources& sources) {
  Input mutant = base;
  const uint64_t die = random_.Below(16);
  if (!others_.empty() && die < 3) {
    const Input& other =
        others_[random_.Below(die == 0 ? std::min(others_.size(), kOthersForGood) : others_.size())];
    mutant = die == 0 ? other : CrossOver(base, other, &random_);
    if (die == 1) return mutant;
  }
  Mutate(sources, &random_, &mutant);
  return mutant;
}

// What is compared in a call of the unit. Units are chosen many times, so it pays to call once to know.
const Comparisons& Engine::ComparisonsOf(uint64_t unit, const Input& input) {
  if (const auto known = remembered_.find(unit); known != remembered_.end()) return known->second;
  if (remembered_.size() >= kMaxRemembered) remembered_.clear();
  Comparisons& compared = remembered_[unit];
  if (Exchange(FuzzMode::kRecord, {input}) == 1) arena_.ReadComparisons(&compared.texts, &compared.numbers);
  if (compared.texts.size() > kMaxComparedKept) compared.texts.resize(kMaxComparedKept);
  if (compared.numbers.size() > kMaxComparedKept) compared.numbers.resize(kMaxComparedKept);
  return compared;
}

// Tries many mutants at once and keeps those that are worth libFuzzer's attention; at least one.
void Engine::Screen(const Input& base, const Comparisons& compared) {
  const MutationSources sources{.dictionary = &dictionary_,
                                .others = &others_,
                                .texts = &compared.texts,
                                .numbers = &compared.numbers,
                                .max_bytes = options_.max_bytes};
  if (random_.OneIn(kRowOdds)) TryRow(base, compared);
  std::vector<Input> mutants;
  while (mutants.size() < batch_) mutants.push_back(Mutant(base, sources));

  const auto begin = std::chrono::steady_clock::now();
  const size_t made = Exchange(FuzzMode::kScreen, mutants);
  const auto taken = std::chrono::steady_clock::now() - begin;
  batch_ = std::clamp(taken < kBatchTime / 2   ? batch_ * 2
                      : taken > kBatchTime * 2 ? batch_ / 2
                                               : batch_,
                      kLeastBatch, kMaxBatch);

  for (size_t i = 0; i < made; ++i) {
    const CallRecord record = arena_.Record(i);
    if (record.state != static_cast<uint32_t>(CallState::kEnded)) continue;
    const bool covers = options_.guidance.coverage && record.new_edges > 0;
    if ((covers || record.outgrew != 0) && pending_.size() < kMaxPending)
      pending_.push_back(std::move(mutants[i]));
  }
  promising_count_ = pending_.size();
  if (SieveIsDue()) {
    std::vector<Input> suspects;
    while (suspects.size() < kSieved) suspects.push_back(Mutant(base, sources));
    Sieve(std::move(suspects));
  }
  if (pending_.empty()) pending_.push_back(Mutant(base, sources));
}

size_t Engine::MutateUnit(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  mutating_ = true;
  if (!unsoaked_.empty() && SoakIsDue()) {
    pending_.push_front(std::move(unsoaked_.front()));
    unsoaked_.pop_front();
    ++promising_count_;
  }
  if (pending_.empty()) {
    random_ = Random(seed ^ random_.Next());
    absl::StatusOr<Input> base = DecodeUnit(data, size, options_.kinds);
    if (!base.ok()) base = ZeroInput(options_.kinds);
    if (options_.guidance.coverage || options_.guidance.leaks) {
      Screen(*base, ComparisonsOf(HashBytes(data, size), *base));
    } else {
      Screen(*base, {});
    }
  }
  const std::string unit = EncodeUnit(pending_.front());
  pending_.pop_front();
  promising_ = promising_count_ > 0;
  if (promising_) --promising_count_;
  if (unit.size() > max_size) return size;
  std::memcpy(data, unit.data(), unit.size());
  return unit.size();
}

int RunOneUnit(const uint8_t* data, size_t size) { return the_engine->RunOne(data, size); }

}  // namespace

int FuzzEngineMain(const std::vector<std::string>& arguments) {
  absl::StatusOr<FuzzEngineOptions> options = FromArguments(arguments);
  absl::StatusOr<FuzzArena> arena = options.ok() ? FuzzArena::Open(options->arena) : options.status();
  if (!arena.ok()) {
    fmt::print(stderr, "{}\n", std::string(arena.status().message()));
    return 2;
  }
  the_engine = new Engine(*options, *std::move(arena));
  the_engine->Register();

  // Time-outs, crashes and memory are the orchestrator's business; of libFuzzer we want loop, corpus and
  // schedule. A unit is mutated once, as our mutator tries many changes of it at a time and knows the
  // comparisons of corpus units only.
  std::vector<std::string> words = {"goleakstress",
                                    options->corpus,
                                    options->seeds,
                                    fmt::format("-seed={}", options->seed),
                                    fmt::format("-max_len={}", 2 * kMaxInputBytes),
                                    "-timeout=0",
                                    "-rss_limit_mb=0",
                                    "-malloc_limit_mb=0",
                                    "-detect_leaks=0",
                                    fmt::format("-reload={:d}", options->shared),
                                    "-len_control=0",
                                    "-mutate_depth=1",
                                    "-print_funcs=0",
                                    "-handle_segv=0",
                                    "-handle_bus=0",
                                    "-handle_abrt=0",
                                    "-handle_ill=0",
                                    "-handle_fpe=0",
                                    "-handle_int=0",
                                    "-handle_term=0",
                                    "-handle_xfsz=0",
                                    "-handle_usr1=0",
                                    "-handle_usr2=0"};
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  int argc = static_cast<int>(argv.size());
  argv.push_back(nullptr);
  char** argv_data = argv.data();
  return LLVMFuzzerRunDriver(&argc, &argv_data, RunOneUnit);
}

}  // namespace goleakstress::input

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  return goleakstress::input::the_engine->MutateUnit(data, size, max_size, seed);
}
