#include "harness/input/fuzz_source.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <utility>

#include "harness/input/file_bytes.h"
#include "harness/target/environment.h"
#include "harness/target/wait.h"

namespace goleakstress::input {
namespace {

// The engine thinks for milliseconds between batches; on a machine that is overloaded, for longer.
constexpr std::chrono::seconds kEnginePatience(60);
constexpr size_t kMaxLeaky = 64;
// One object of every fourth call: not every new key is a new entry. Calls that keep nothing leave 0 to 2
// objects.
constexpr int64_t kLeastSoaked = 16;
// A sequence that leaks is seldom long; its calls lie among the thousands of mutants that were called
// meanwhile.
constexpr size_t kMaxHistory = 4096;
constexpr size_t kMaxHistoryBytes = size_t{4} << 20;
constexpr int64_t kMaxRows = 8;  // without those that left something by chance, as most of them do
constexpr size_t kMaxKept = 10000;

}  // namespace

absl::StatusOr<std::unique_ptr<FuzzSource>> FuzzSource::Create(Options options, FuzzArena arena) {
  if (options.kinds.empty()) return absl::InvalidArgumentError("an entry without arguments cannot be fuzzed");
  auto source = std::unique_ptr<FuzzSource>(new FuzzSource(std::move(options), std::move(arena)));
  std::error_code error;
  std::filesystem::create_directories(source->CorpusDirectory(), error);
  std::filesystem::create_directories(source->SeedsDirectory(), error);
  if (error) return absl::ErrnoToStatus(error.value(), fmt::format("making {}", source->SeedsDirectory()));
  // The zero values are always a seed: libFuzzer gives up without any.
  std::vector<Input> seeds = {ZeroInput(source->options_.kinds)};
  for (const Input& seed : source->options_.seeds) {
    if (Matches(seed, source->options_.kinds) && Size(seed) <= kMaxInputBytes) seeds.push_back(seed);
  }
  for (const Input& seed : seeds) {
    const std::string path = fmt::format("{}/{:016x}", source->SeedsDirectory(), Hash(seed));
    const absl::Status written = WriteFileAtomically(path, EncodeUnit(seed));
    if (!written.ok()) return written;
  }
  return source;
}

FuzzSource::~FuzzSource() { End(); }

void FuzzSource::End() {
  socket_.Reset();  // the engine ends by itself
  if (engine_ && !engine_->Wait(std::chrono::seconds(1))) engine_->Kill();
}

absl::Status FuzzSource::StartEngine() {
  if (options_.guidance.coverage && arena_.counter_count() == 0) {
    return absl::FailedPreconditionError("the target shows no edge counters: it was not built for fuzzing");
  }
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return absl::ErrnoToStatus(errno, "making the fuzz engine's socket");
  }
  socket_ = target::ScopedFd(ends[0]);
  target::Spec spec;
  spec.program = options_.program;
  spec.args = ToArguments({.arena = arena_.path(),
                           .corpus = CorpusDirectory(),
                           .shared = options_.shared,
                           .seeds = SeedsDirectory(),
                           .package = options_.package,
                           .kinds = options_.kinds,
                           .seed = options_.seed,
                           .max_bytes = options_.max_bytes,
                           .guidance = options_.guidance});
  spec.args.insert(spec.args.begin(), kFuzzEngineVerb);
  spec.env = target::CurrentEnvironment();
  absl::StatusOr<target::TargetProcess> engine =
      target::TargetProcess::Spawn(spec, target::ScopedFd(ends[1]));
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  return absl::OkStatus();
}

absl::Status FuzzSource::EngineFailed(std::string_view doing) {
  const std::optional<target::Outcome> outcome = engine_->Wait(std::chrono::seconds(1));
  std::string log = Log();
  if (log.size() > 500) log.erase(0, log.size() - 500);
  return absl::InternalError(
      fmt::format("{} the fuzz engine, which {}: {}", doing, outcome ? outcome->Words() : "still runs", log));
}

absl::Status FuzzSource::WaitForBatch() {
  const target::Deadline deadline = target::After(kEnginePatience);
  for (;;) {
    if (target::WaitFor(socket_.get(), POLLIN, deadline, nullptr) != target::WaitResult::kReady) {
      return EngineFailed("no batch from");
    }
    char byte;
    const ssize_t n = recv(socket_.get(), &byte, 1, MSG_DONTWAIT);
    if (n == 1) break;
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) return EngineFailed("reading from");
  }
  absl::StatusOr<std::vector<Input>> batch = arena_.ReadBatch();
  if (!batch.ok()) return batch.status();
  for (const Input& input : *batch) {
    if (!Matches(input, options_.kinds))
      return absl::DataLossError("an input of other arguments in the fuzz arena");
  }
  batch_ = *std::move(batch);
  given_ = reported_ = 0;
  return absl::OkStatus();
}

// Engines look for what others wrote only where the directory's time has gone on to another second, which
// the last of several inputs in one second does not see to.
void FuzzSource::ShowCorpus() {
  const auto now = std::chrono::steady_clock::now();
  if (now - corpus_shown_ < std::chrono::seconds(1)) return;
  corpus_shown_ = now;
  std::error_code error;  // then they see it with the next input
  std::filesystem::last_write_time(CorpusDirectory(), std::filesystem::file_time_type::clock::now(), error);
}

absl::StatusOr<std::vector<Input>> FuzzSource::Take(size_t count) {
  if (!engine_) {
    if (const absl::Status started = StartEngine(); !started.ok()) return started;
  }
  if (given_ == batch_.size()) {
    if (options_.shared) ShowCorpus();
    if (const absl::Status there = WaitForBatch(); !there.ok()) return there;
  }
  arena_.Set(&ArenaHeader::first, given_);
  const auto begin = batch_.begin() + static_cast<std::ptrdiff_t>(given_);
  const size_t some = std::min(count, batch_.size() - given_);
  given_ += some;
  return std::vector<Input>(begin, begin + static_cast<std::ptrdiff_t>(some));
}

absl::Status FuzzSource::Report(const std::vector<CallResult>& results) {
  const uint64_t mode = arena_.Get(&ArenaHeader::mode);
  loaded_ = loaded_ || mode != static_cast<uint64_t>(FuzzMode::kRecord);
  for (const CallResult& result : results) {
    if (reported_ == given_) return absl::InvalidArgumentError("more results than inputs were taken");
    const CallRecord record = arena_.Record(reported_);
    if (result.outcome == agent::OUTCOME_OK && record.state != static_cast<uint32_t>(CallState::kEnded)) {
      return absl::FailedPreconditionError("the agent of this target does not look at calls");
    }
    const bool alone =
        mode == static_cast<uint64_t>(FuzzMode::kRecord) && result.outcome == agent::OUTCOME_OK;
    NoteRecord(batch_[reported_], alone ? record : CallRecord{});
    Remember(batch_[reported_]);
    progress_.features += record.new_edges;
    if (loaded_) progress_.gained += record.new_edges;
    progress_.goroutines_left += std::max(record.goroutines, 0);
    progress_.resources_left += std::max(record.resources, 0);
    ++reported_;
    ++progress_.calls;
  }
  if (reported_ < given_) {  // the rest of the batch goes with the target
    arena_.SetState(reported_, CallState::kLost);
    ++progress_.lost_targets;
    TargetIsNew();
    given_ = reported_ = batch_.size();
  }
  if (given_ < batch_.size()) return absl::OkStatus();
  const bool whole =
      !batch_.empty() && arena_.Record(batch_.size() - 1).state == static_cast<uint32_t>(CallState::kEnded);
  if (mode == static_cast<uint64_t>(FuzzMode::kSoak) && whole && arena_.SoakedObjects() >= kLeastSoaked) {
    NoteLeaky({.input = batch_.front(), .objects = arena_.SoakedObjects(), .again = true});
  }
  if (mode == static_cast<uint64_t>(FuzzMode::kRow) && whole) NoteRow();
  return AnswerEngine();
}

// The engine made this row before and it always left something: that it does once more decides.
void FuzzSource::NoteRow() {
  const auto rows = std::count_if(leaky_.begin(), leaky_.end(), [](const Leaky& leaky) { return leaky.row; });
  int64_t goroutines = 0, resources = 0;
  for (size_t i = 0; i < batch_.size(); ++i) {
    goroutines += arena_.Record(i).goroutines;
    resources += arena_.Record(i).resources;
  }
  if (rows >= kMaxRows || std::max(goroutines, resources) <= 0) return;
  leaky_.push_back({.input = batch_.back(),
                    .goroutines = static_cast<int32_t>(goroutines),
                    .resources = static_cast<int32_t>(resources),
                    .before = {batch_.begin(), std::prev(batch_.end())},
                    .row = true});
}

absl::Status FuzzSource::AnswerEngine() {
  ++progress_.round_trips;
  const char byte = 'd';
  ssize_t n;
  while ((n = send(socket_.get(), &byte, 1, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
  }
  return n == 1 ? absl::OkStatus() : EngineFailed("answering");
}

size_t FuzzSource::CallsEnded() const {
  size_t at = reported_;
  while (at < given_ && arena_.Record(at).state == static_cast<uint32_t>(CallState::kEnded)) ++at;
  return at - reported_;
}

void FuzzSource::TargetIsNew() {
  progress_.goroutines_left = progress_.resources_left = 0;
  history_.clear();
  history_bytes_ = 0;
  seen_once_.reset();
}

void FuzzSource::Remember(const Input& input) {
  history_bytes_ += Size(input);
  history_.push_back(input);
  while (history_.size() > kMaxHistory || history_bytes_ > kMaxHistoryBytes) {
    history_bytes_ -= Size(history_.front());
    history_.pop_front();
  }
}

// The engine calls once more what left something (RunOne): only then is it known whether it does so again.
void FuzzSource::NoteRecord(const Input& input, const CallRecord& record) {
  const bool left = record.goroutines > 0 || record.resources > 0;
  if (seen_once_) {
    Leaky found = *std::exchange(seen_once_, std::nullopt);
    found.again = left && found.input == input;
    if (found.again) {
      found.goroutines = std::min(found.goroutines, record.goroutines);
      found.resources = std::min(found.resources, record.resources);
    }
    const bool was_again = found.again;
    NoteLeaky(std::move(found));
    if (was_again) return;
  }
  if (left) {
    seen_once_ = Leaky{.input = input,
                       .goroutines = record.goroutines,
                       .resources = record.resources,
                       .site = record.goroutines > 0 ? record.site : 0};
  }
}

// What came before the last call of the input.
std::vector<Input> FuzzSource::HistoryBefore(const Input& input) const {
  const auto last = std::find(history_.rbegin(), history_.rend(), input);
  return {history_.begin(), last == history_.rend() ? history_.end() : std::prev(last.base())};
}

FuzzSource::Leaky* FuzzSource::PlaceFor(const Leaky& found, std::vector<Leaky>* all) {
  const auto total = [](const Leaky& leaky) {
    return std::max(leaky.goroutines, 0) + int64_t{std::max(leaky.resources, 0)} +
           std::max<int64_t>(leaky.objects, 0);
  };
  const auto same_place = [&](const Leaky& known) {
    return known.site == found.site && (known.goroutines > 0) == (found.goroutines > 0) &&
           (known.resources > 0) == (found.resources > 0) && (known.objects > 0) == (found.objects > 0) &&
           known.again == found.again && !known.row;
  };
  if (total(found) == 0) return nullptr;
  const auto known = std::find_if(all->begin(), all->end(), same_place);
  if (known == all->end()) return all->size() < kMaxLeaky ? &all->emplace_back() : nullptr;
  const bool better = total(found) > total(*known) ||
                      (total(found) == total(*known) && Size(found.input) < Size(known->input));
  return better ? &*known : nullptr;
}

void FuzzSource::NoteLeaky(Leaky found) {
  Leaky* const place = PlaceFor(found, &leaky_);
  if (place == nullptr) return;
  if (!found.again) found.before = HistoryBefore(found.input);
  *place = std::move(found);
}

std::vector<Input> FuzzSource::RepeatPool() {
  std::vector<Input> pool;
  for (const Input& seed : options_.seeds) {
    if (pool.size() < 16 && Matches(seed, options_.kinds)) pool.push_back(seed);
  }
  if (pool.empty()) pool.push_back(ZeroInput(options_.kinds));
  return pool;
}

std::vector<Input> FuzzSource::Kept() const {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(CorpusDirectory(), error), end; !error && it != end;
       it.increment(error)) {
    files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Input> kept;
  for (const std::string& file : files) {
    if (kept.size() >= kMaxKept) break;
    const absl::StatusOr<std::string> unit = ReadFileBytes(file, 2 * kMaxInputBytes);
    if (!unit.ok()) continue;
    absl::StatusOr<Input> input =
        DecodeUnit(reinterpret_cast<const uint8_t*>(unit->data()), unit->size(), options_.kinds);
    if (input.ok()) kept.push_back(*std::move(input));
  }
  return kept;
}

FuzzSource::Progress FuzzSource::progress() const {
  Progress progress = progress_;
  progress.edges_present = arena_.counter_count();
  progress.edges_reached = std::min(arena_.Get(&ArenaHeader::edges), progress.edges_present);
  return progress;
}

void FuzzSource::AddReached(std::vector<uint8_t>* all) const {
  const size_t count = arena_.counter_count();
  all->resize(std::max(all->size(), count));
  for (size_t i = 0; i < count; ++i) (*all)[i] |= arena_.seen()[i];
}

std::string FuzzSource::Log() const { return engine_ ? engine_->Err().Text() : ""; }

}  // namespace goleakstress::input
