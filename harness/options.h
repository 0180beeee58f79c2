// What the user asked for. One table says which flags exist (options.cc); code below main reads this struct
// only.
#ifndef HARNESS_OPTIONS_H_
#define HARNESS_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace goleakstress {

enum class Verb { kHelp, kVersion, kRun, kReplay, kFuzz, kExplain };

struct Options {
  Verb verb = Verb::kHelp;
  std::string help = {};                                       // the text of --help
  std::string replay = {};                                     // of kReplay: the file with the calls
  std::vector<std::string> packages = {};                      // patterns as go takes them
  std::vector<std::string> arguments = {};                     // after "--": those of a main
  std::string run = {};                                        // regular expression over entry names
  std::chrono::nanoseconds budget = std::chrono::seconds(30);  // per entry
  std::chrono::nanoseconds total{};  // of the whole run; 0: what the budgets add up to
  uint32_t seed = 0;                 // chosen at random unless given
  std::string tags = {}, mod = {}, modfile = {}, ldflags = {}, gcflags = {};
  bool race = false;
  std::string work = {};                  // kept work directory; empty: a temporary one
  bool save_corpus = false;               // inputs that leak go to testdata/fuzz as well
  std::vector<std::string> formats = {};  // "text", "json=report.json"...
  std::string probes = {};                // "+x,-y"
  uint64_t memory_cap = 0;                // bytes of the target's heap; 0: a quarter of the machine's memory
  std::string colour = "auto";            // auto, always, never
  std::string rule = {};                  // to explain; empty: list all
  bool gc_only_fails = true;              // what only the garbage collector closes fails the run, as leaks do
  bool list = false;
  bool list_corpus = false;    // of kFuzz: what is kept
  bool merge = false;          // of kFuzz: keep only what adds something
  std::string guide = "both";  // what leads the hunt for inputs: both, coverage, leaks, none
  int workers = 1;             // targets of that hunt at once, 1 to 64
  bool verbose = false;
};

// Parses everything after the program's name. Flags may be spelled with one dash or two, durations and sizes
// as Go has them (30s, 1h30m, 64MiB). InvalidArgument with one clear line for what cannot be understood; an
// unknown flag or command comes with the nearest known one. Messages quote the user and are not escaped.
absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments);

// What -run has to be for just this entry: ^FuzzA$, or ^FuzzA\+FuzzB$.
std::string OnlyEntry(std::string_view name);

}  // namespace goleakstress

#endif  // HARNESS_OPTIONS_H_
