#ifndef GOLEAKSTRESS_HARNESS_INPUT_FUZZ_SOURCE_H_
#define GOLEAKSTRESS_HARNESS_INPUT_FUZZ_SOURCE_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/input/fuzz_arena.h"
#include "harness/input/fuzz_engine.h"
#include "harness/input/input_source.h"
#include "harness/target/scoped_fd.h"
#include "harness/target/target_process.h"

namespace goleakstress::input {

// Inputs that libFuzzer chooses: the orchestrator's side of fuzz_arena.h.
//
//   source = FuzzSource::Create(options);
//   start the target with "GOLEAKSTRESS_ARENA=" + source->arena_path() in its environment, wait until it is
//   ready loop: inputs = source->Take(256); have the target call them, in one Run; source->Report(results)
//
// A target that ends is simply started anew between Report and Take. Not thread-safe; the thread that first
// calls Take has to outlive the source, or to call End.
class FuzzSource final : public InputSource {
 public:
  struct Options {
    // Holds what outlives us: corpus/ with every input that libFuzzer kept. Continued where it exists.
    std::string directory;
    bool shared = false;  // with other sources, whose engines' new inputs are taken over as they come
    std::string program = "/proc/self/exe";  // whose kFuzzEngineVerb is FuzzEngineMain
    std::string package;  // directory of the target's source, for its dictionary; may be empty
    Kinds kinds;          // at least one
    std::vector<Input> seeds;
    uint32_t seed = 1;
    size_t max_bytes = 65536;
    FuzzGuidance guidance;
  };
  static absl::StatusOr<std::unique_ptr<FuzzSource>> Create(Options options, FuzzArena arena);
  ~FuzzSource() override;

  // For the targets that follow the first.
  std::string arena_path() const { return arena_.path(); }

  // FailedPrecondition where the target has no edge counters: then it was not built for this, or found no
  // arena.
  absl::StatusOr<std::vector<Input>> Take(size_t count) override;
  absl::Status Report(const std::vector<CallResult>& results) override;
  // How many of the inputs taken last the target came to the end of: what is to be reported where it ended in
  // a call and could not say so itself.
  size_t CallsEnded() const;
  // To be called where the target was started anew though no call had ended it.
  void TargetIsNew();
  // The first seeds, else inputs that were kept, else zero values.
  std::vector<Input> RepeatPool() override;
  // Ends the engine; nothing more is to be taken or reported.
  void End();

  // An input whose calls left something: hints, as nothing was repeated and nothing was given time.
  struct Leaky {
    Input input;
    int32_t goroutines = 0;  // after one call, made alone
    int32_t resources = 0;
    int64_t objects = 0;  // live objects after FuzzArena's soak: some 60 calls of it, with other keys
    uint32_t site = 0;    // of the goroutines; says only whether two are the same
    // Whether a second call right after it left something again. If not it was chance, or a state of the
    // target that takes more than this call to reach: then `before` holds what the same process was called
    // with until then, oldest first, and the shortest part of it that leads there can be looked for
    // (minimise.h).
    bool again = false;
    std::vector<Input> before = {};
    bool row =
        false;  // `before` and the input were called as one row, several times, and always left something
  };
  // For every kind and site the input that left most, the smallest of those: what the experiment should look
  // at first.
  const std::vector<Leaky>& leaky() const { return leaky_; }
  // Where among `all` this one belongs: in a new place, in that of a worse one, or nowhere (null).
  static Leaky* PlaceFor(const Leaky& found, std::vector<Leaky>* all);
  // Makes room for other rows, as there is for few: these were looked into.
  void ForgetRows() {
    std::erase_if(leaky_, [](const Leaky& leaky) { return leaky.row; });
  }

  // What libFuzzer kept so far, in this run and the ones before it.
  std::vector<Input> Kept() const;

  struct Progress {
    uint64_t calls = 0;  // reported ones
    uint64_t round_trips = 0;
    uint64_t edges_present = 0;  // in the instrumented packages
    uint64_t edges_reached = 0;
    uint64_t features = 0;  // edges, and buckets of their counts, that were reached for the first time
    uint64_t gained = 0;    // of these, by inputs that were not kept before
    uint64_t lost_targets = 0;
    // What the calls of the present target left behind: a reason to start another.
    int64_t goroutines_left = 0;
    int64_t resources_left = 0;
  };
  Progress progress() const;
  // Adds what the target's calls reached: for each edge a bit per bucket of its count.
  void AddReached(std::vector<uint8_t>* all) const;
  // The engine's log so far, in libFuzzer's words: its beginning and its end.
  std::string Log() const;

 private:
  FuzzSource(Options options, FuzzArena arena) : options_(std::move(options)), arena_(std::move(arena)) {}
  absl::Status StartEngine();
  absl::Status WaitForBatch();
  void ShowCorpus();
  absl::Status AnswerEngine();
  absl::Status EngineFailed(std::string_view doing);
  void NoteLeaky(Leaky found);
  void NoteRow();
  void NoteRecord(const Input& input, const CallRecord& record);
  void Remember(const Input& input);
  std::vector<Input> HistoryBefore(const Input& input) const;
  std::string CorpusDirectory() const { return options_.directory + "/corpus"; }
  std::string SeedsDirectory() const { return options_.directory + "/seeds"; }

  Options options_;
  FuzzArena arena_;
  target::ScopedFd socket_;
  std::optional<target::TargetProcess> engine_;
  std::vector<Input> batch_;  // of the exchange in progress
  size_t given_ = 0;          // inputs of it that were taken
  size_t reported_ = 0;
  std::chrono::steady_clock::time_point corpus_shown_{};
  std::deque<Input> history_;  // of the target process
  size_t history_bytes_ = 0;
  std::optional<Leaky> seen_once_;  // in the call before, if that was made alone
  std::vector<Leaky> leaky_;
  bool loaded_ = false;  // the engine has called what was kept before, and makes inputs of its own
  Progress progress_;
};

}  // namespace goleakstress::input

#endif  // GOLEAKSTRESS_HARNESS_INPUT_FUZZ_SOURCE_H_
