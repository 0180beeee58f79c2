#include "harness/campaign/merge_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "harness/build/cache.h"
#include "harness/campaign/corpora.h"
#include "harness/input/corpus_merge.h"
#include "harness/input/file_bytes.h"
#include "harness/input/fuzz_engine.h"
#include "harness/input/leak_features.h"
#include "harness/input/new_keys.h"
#include "harness/input/random.h"
#include "harness/input/sha256.h"

namespace goleakstress::campaign {
namespace {

namespace fs = std::filesystem;
using input::FuzzMode;
using input::Input;
using input::LeakKind;

constexpr std::chrono::seconds kPatience{60};  // for one input
constexpr size_t kMostBinaryBytes = size_t{1} << 30;
constexpr int kTries = 2;  // processes that an input has to end
// A target that has gathered so much is slow to look at, and may run out of descriptors.
constexpr int64_t kMostHeld = 300;
constexpr size_t kTellEvery = 64;

class Merger {
 public:
  Merger(const EntryJob& job, const ProgressSink& progress, report::Corpus* corpus)
      : job_(job), progress_(progress), corpus_(corpus), random_(job.seed) {}

  absl::Status Run() {
    auto alone = build::FileLock::TryExclusive(job_.corpus_dir + "/merge.lock");
    if (!alone.ok()) return alone.status();
    if (absl::Status status = SetUp(); !status.ok()) return status;
    auto journal = input::MergeJournal::Open(JournalPath(), binary_);
    if (!journal.ok()) return journal.status();
    std::vector<input::MeasuredUnit> units;
    for (const std::string& name : Names()) {
      if (units.size() % kTellEvery == 0) {
        progress_({.stage = "merge", .calls = static_cast<int64_t>(units.size())});
      }
      std::error_code error;
      const uint64_t bytes = fs::file_size(PathOf(name), error);
      if (error) continue;
      const auto known = journal->known().find(name);
      if (known == journal->known().end()) {
        auto features = FeaturesOf(name);
        if (!features.ok()) return features.status();
        if (!features->has_value()) continue;  // set aside
        if (absl::Status status = journal->Add(name, **features); !status.ok()) return status;
        units.push_back({name, bytes, **std::move(features)});
      } else {
        units.push_back({name, bytes, known->second});
      }
    }
    return RemoveWhatAddsNothing(units);
  }

 private:
  std::string JournalPath() const { return job_.corpus_dir + "/merge.journal"; }
  std::string PathOf(const std::string& name) const { return job_.corpus_dir + "/corpus/" + name; }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator at(job_.corpus_dir + "/corpus", error), end; !error && at != end;
         at.increment(error)) {
      const std::string name = at->path().filename();
      // libFuzzer gives no other names; what has blanks in its own is not ours, and the journal is made of
      // words.
      if (at->is_regular_file(error) && name.find_first_of(" \n\t") == std::string::npos)
        names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  absl::Status SetUp() {
    progress_({.stage = "build"});
    auto path = job_.build_explorer();
    if (!path.ok()) return path.status();
    auto bytes = input::ReadFileBytes(*path, kMostBinaryBytes);
    if (!bytes.ok()) return bytes.status();
    binary_ = "goleakstress merge of " + input::Sha256Hex(*bytes);
    auto arena = input::FuzzArena::Create();
    if (!arena.ok()) return arena.status();
    arena_.emplace(*std::move(arena));
    program_ = job_.program;
    program_.binary = *path;
    program_.exact_heap = false;
    program_.arena = arena_->path();
    return StartTarget();
  }

  absl::Status StartTarget() {
    session_.reset();
    held_ = 0;
    auto session = Session::Start(program_, Clock::now() + kPatience, job_.interrupted);
    if (!session.ok()) return session.status();
    session_ = *std::move(session);
    auto kinds = input::KindsFromProto(session_->ready());
    if (!kinds.ok()) return kinds.status();
    kinds_ = *std::move(kinds);
    if (arena_->counter_count() == 0) return absl::FailedPreconditionError("the target shows no edges");
    return absl::OkStatus();
  }

  // Nothing: the input was set aside.
  absl::StatusOr<std::optional<std::vector<uint32_t>>> FeaturesOf(const std::string& name) {
    const auto unit = input::ReadFileBytes(PathOf(name), 2 * input::kMaxInputBytes);
    absl::StatusOr<Input> one =
        unit.ok() ? input::DecodeUnit(reinterpret_cast<const uint8_t*>(unit->data()), unit->size(), kinds_)
                  : unit.status();
    if (!one.ok()) return SetAside(name, std::string(one.status().message()));
    for (int left = kTries - 1;; --left) {
      if (session_ == nullptr || held_ > kMostHeld) {
        if (absl::Status status = StartTarget(); !status.ok()) return status;
      }
      auto features = Show(*one);
      if (features.ok()) return std::optional(*std::move(features));
      session_.reset();  // what is left of it
      if (target::FailureOf(features.status()) == target::CallFailure::kCancelled) return features.status();
      if (left == 0) return SetAside(name, std::string(features.status().message()));
    }
  }

  absl::StatusOr<std::vector<uint32_t>> Show(const Input& one) {
    auto record = Call(FuzzMode::kRecord, {one});
    if (!record.ok()) return record.status();
    std::vector<uint32_t> features = input::CounterFeatures(*arena_);
    const auto add = [&features](LeakKind kind, uint64_t site, int64_t growth) {
      if (const auto leak = input::LeakFeature(kind, site, growth)) {
        features.push_back(input::kFirstLeakFeature + static_cast<uint32_t>(*leak));
      }
    };
    if (record->goroutines > 0 || record->resources > 0) {
      // What the scheduler left for a moment is not left again.
      auto again = Call(FuzzMode::kRecord, {one});
      if (!again.ok()) return again.status();
      add(LeakKind::kGoroutines, record->site, std::min(record->goroutines, again->goroutines));
      add(LeakKind::kResources, 0, std::min(record->resources, again->resources));
    }
    std::vector<Input> soak = {one};
    while (soak.size() < input::kSoakCalls) {
      soak.push_back(one);
      if (!random_.OneIn(4)) keys_.PutInOne(&random_, &soak.back());
    }
    if (Call(FuzzMode::kSoak, soak).ok()) {
      add(LeakKind::kHeap, 0, arena_->SoakedObjects() - input::kSoakNoise);
    } else {
      session_.reset();  // another key ended it, not this input
    }
    return features;
  }

  // The record of the last of the calls.
  absl::StatusOr<input::CallRecord> Call(FuzzMode mode, const std::vector<Input>& inputs) {
    arena_->Set(&input::ArenaHeader::mode, static_cast<uint64_t>(mode));
    arena_->Set(&input::ArenaHeader::first, 0);
    const size_t count = arena_->WriteBatch(inputs);
    if (count < inputs.size()) return absl::ResourceExhaustedError("too large to be called so often");
    auto done = session_->Run(inputs, static_cast<int64_t>(count), 0, Clock::now() + kPatience);
    if (!done.ok()) return done.status();
    const auto outcome =
        done->outcomes().empty() ? agent::OUTCOME_HUNG : static_cast<agent::Outcome>(done->outcomes().back());
    if (outcome == agent::OUTCOME_HUNG) return absl::AbortedError("a call that hangs");
    if (done->ended()) return absl::AbortedError("a call that ends the entry");
    const input::CallRecord record = arena_->Record(count - 1);
    if (record.state != static_cast<uint32_t>(input::CallState::kEnded)) {
      return absl::AbortedError(fmt::format("a call of more than {} s", kPatience.count()));
    }
    for (size_t i = 0; i < count; ++i) {
      held_ += std::max(arena_->Record(i).goroutines, 0) + int64_t{std::max(arena_->Record(i).resources, 0)};
    }
    return record;
  }

  absl::StatusOr<std::optional<std::vector<uint32_t>>> SetAside(const std::string& name, std::string why) {
    const std::string dir = job_.corpus_dir + "/aside";
    std::error_code error;
    fs::create_directories(dir, error);
    fs::rename(PathOf(name), fmt::format("{}/{}", dir, name), error);
    if (error) return absl::UnavailableError(fmt::format("moving {}: {}", PathOf(name), error.message()));
    report::SetAside* aside = corpus_->mutable_merge()->add_set_aside();
    aside->set_file(fmt::format("{}/{}", dir, name));
    aside->set_why(std::move(why));
    return std::nullopt;
  }

  absl::Status RemoveWhatAddsNothing(const std::vector<input::MeasuredUnit>& units) {
    const std::vector<bool> keep = input::ChooseUnits(units);
    std::unordered_set<uint32_t> features;
    for (size_t i = 0; i < units.size(); ++i) {
      features.insert(units[i].features.begin(), units[i].features.end());
      std::error_code error;
      if (!keep[i]) fs::remove(PathOf(units[i].name), error);
      if (error) return absl::UnavailableError(fmt::format("{}: {}", units[i].name, error.message()));
    }
    corpus_->mutable_merge()->set_features(static_cast<int>(features.size()));
    std::error_code ignored;  // it would only be read once more
    fs::remove(JournalPath(), ignored);
    return absl::OkStatus();
  }

  const EntryJob& job_;
  const ProgressSink& progress_;
  report::Corpus* corpus_;
  input::Random random_;
  input::NewKeys keys_;
  std::string binary_;  // a line that says what shows the features
  std::optional<input::FuzzArena> arena_;
  TargetProgram program_;
  std::unique_ptr<Session> session_;
  input::Kinds kinds_;
  int64_t held_ = 0;  // goroutines and resources that the target has gathered
};

}  // namespace

void MergeCorpus(const EntryJob& job, const ProgressSink& progress, report::Corpus* corpus) {
  CountCorpus(corpus);
  corpus->mutable_merge()->set_inputs_before(corpus->inputs());
  corpus->mutable_merge()->set_bytes_before(corpus->bytes());
  if (corpus->inputs() > 0) {
    const absl::Status status = Merger(job, progress, corpus).Run();
    if (!status.ok()) corpus->mutable_merge()->set_error(std::string(status.message()));
  }
  CountCorpus(corpus);
}

}  // namespace goleakstress::campaign
