// Measures the fuzz engine on the functions of testdata/fuzzy/conditions; run it from the top of the source
// tree.
//
//   gls_fuzz_bench ablation [SECONDS [SEEDS]]   calls and time to the first leak, led by coverage, leaks,
//   both or nothing gls_fuzz_bench speed [SECONDS]              calls per second of a function that does
//   nothing
//
// Every run has a new target and a new engine, one at a time.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/input/fuzz_go_target.h"
#include "harness/input/fuzz_source.h"
#include "harness/input/generator.h"

namespace goleakstress::input {
namespace {

constexpr char kPackage[] = "harness/input/testdata/fuzzy/conditions";

struct Led {
  const char* name;
  std::optional<FuzzGuidance> by;  // none: plain random inputs
};
const Led kLeds[] = {{"coverage", FuzzGuidance{.coverage = true, .leaks = false}},
                     {"leaks", FuzzGuidance{.coverage = false, .leaks = true}},
                     {"both", FuzzGuidance{.coverage = true, .leaks = true}},
                     {"random", std::nullopt}};

[[noreturn]] void Die(const absl::Status& status) {
  fmt::print(stderr, "{}\n", status.ToString());
  std::exit(1);
}

struct Hunt {
  double seconds = 0;
  uint64_t calls = 0;
  bool found = false;
};

Hunt RunHunt(const std::string& directory, const std::string& binary, const std::string& entry,
             const Led& led, uint32_t seed, double limit, bool stop_when_found) {
  absl::StatusOr<FuzzArena> arena = FuzzArena::Create();
  if (!arena.ok()) Die(arena.status());
  absl::StatusOr<GoTarget> target = binary.empty() ? GoTarget::Start(directory, arena->path(), entry)
                                                   : GoTarget::StartTest(binary, arena->path(), entry);
  if (!target.ok()) Die(target.status());
  std::unique_ptr<InputSource> source;
  const std::string work = fmt::format("{}/{}.{}.{}", directory, entry, led.name, seed);
  if (led.by) {
    FuzzSource::Options options;
    options.directory = work;
    options.package = kPackage;
    options.kinds = target->kinds();
    options.seeds = target->seeds();
    options.seed = seed;
    options.guidance = *led.by;
    absl::StatusOr<std::unique_ptr<FuzzSource>> made = FuzzSource::Create(options, *std::move(arena));
    if (!made.ok()) Die(made.status());
    source = *std::move(made);
  } else {
    source =
        std::make_unique<Generator>(target->kinds(), target->seeds(), ReadPackageDictionary(kPackage), seed);
  }
  Hunt hunt;
  const auto begin = std::chrono::steady_clock::now();
  while (hunt.seconds < limit && !(hunt.found && stop_when_found)) {
    const absl::StatusOr<std::vector<Input>> inputs = source->Take(256);
    if (!inputs.ok()) Die(inputs.status());
    const absl::StatusOr<std::vector<CallResult>> results = target->Call(*inputs);
    if (!results.ok()) Die(results.status());
    for (const CallResult& result : *results) hunt.found |= result.goroutines > 0;
    if (const absl::Status reported = source->Report(*results); !reported.ok()) Die(reported);
    hunt.calls += results->size();
    hunt.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  source.reset();
  std::filesystem::remove_all(work);
  return hunt;
}

void Ablation(const std::string& directory, double limit, uint32_t seeds) {
  fmt::print(
      "time to the first leak: median seconds (median calls) of those of {} seeds that found it in {} s\n",
      seeds, limit);
  fmt::print("{:<12}", "condition");
  for (const Led& led : kLeds) fmt::print("{:>26}", led.name);
  fmt::print("\n");
  for (const char* entry : {"magic", "bytewise", "nested", "script", "machine", "thirdfield", "long",
                            "checksum", "relation", "shifted", "float", "header", "encoded", "query"}) {
    fmt::print("{:<12}", entry);
    for (const Led& led : kLeds) {
      std::vector<Hunt> found;
      for (uint32_t seed = 1; seed <= seeds; ++seed) {
        const Hunt hunt = RunHunt(directory, "", entry, led, seed, limit, true);
        if (hunt.found) found.push_back(hunt);
        if (!led.by && !hunt.found && seed == 2) break;  // chance does not help here
      }
      std::sort(found.begin(), found.end(),
                [](const Hunt& a, const Hunt& b) { return a.seconds < b.seconds; });
      const std::string cell = found.empty()
                                   ? "-"
                                   : fmt::format("{:.2f} ({}) {}/{}", found[found.size() / 2].seconds,
                                                 found[found.size() / 2].calls, found.size(), seeds);
      fmt::print("{:>26}", cell);
      std::fflush(stdout);
    }
    fmt::print("\n");
  }
}

void Speed(const std::string& directory, double limit) {
  for (const char* entry : {"trivial", "nested"}) {
    for (const Led& led : {kLeds[2], kLeds[3]}) {
      const Hunt hunt = RunHunt(directory, "", entry, led, 1, limit, false);
      fmt::print("{:<8} {:<8} {:>9.0f} calls/s\n", entry, led.name,
                 static_cast<double>(hunt.calls) / hunt.seconds);
    }
  }
}

int Main(const std::vector<std::string>& words) {
  if (!words.empty() && words[0] == kFuzzEngineVerb) return FuzzEngineMain({words.begin() + 1, words.end()});
  const std::string directory =
      fmt::format("{}/gls_fuzz_bench.{}", std::filesystem::temp_directory_path().string(), getpid());
  std::filesystem::create_directories(directory);
  if (words.size() > 3 && words[0] == "binary") {
    for (size_t i = 3; i < words.size(); ++i) {
      const Hunt hunt =
          RunHunt(directory, words[2], words[i], kLeds[2], 1, std::atof(words[1].c_str()), false);
      fmt::print("{:<16} {:>9.0f} calls/s\n", words[i], static_cast<double>(hunt.calls) / hunt.seconds);
    }
    return 0;
  }
  if (const std::string wrong = GoTarget::Build(directory); !wrong.empty()) Die(absl::InternalError(wrong));
  const double limit = words.size() > 1 ? std::atof(words[1].c_str()) : 5;
  if (!words.empty() && words[0] == "ablation") {
    Ablation(directory, limit, words.size() > 2 ? static_cast<uint32_t>(std::atoi(words[2].c_str())) : 5);
  } else {
    Speed(directory, limit);
  }
  std::filesystem::remove_all(directory);
  return 0;
}

}  // namespace
}  // namespace goleakstress::input

int main(int argc, char** argv) { return goleakstress::input::Main({argv + 1, argv + argc}); }
