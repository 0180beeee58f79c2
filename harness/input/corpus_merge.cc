#include "harness/input/corpus_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "absl/status/status.h"
#include "harness/input/file_bytes.h"

namespace goleakstress::input {
namespace {

constexpr size_t kMaxJournalBytes = size_t{1} << 30;

// The bucket of a count, 0 to 7, as libFuzzer and the agent have it: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, 128
// and more.
uint32_t Bucket(uint8_t count) {
  constexpr uint8_t kLeast[] = {2, 3, 4, 8, 16, 32, 128};
  return static_cast<uint32_t>(std::upper_bound(std::begin(kLeast), std::end(kLeast), count) -
                               std::begin(kLeast));
}

}  // namespace

std::vector<uint32_t> CounterFeatures(const FuzzArena& arena) {
  std::vector<uint32_t> features;
  const uint8_t* counters = arena.counters();
  for (size_t i = 0; i < arena.counter_count(); ++i) {
    const uint8_t count = counters[i];
    if (count != 0) features.push_back(static_cast<uint32_t>(i) * 8 + Bucket(count));
  }
  return features;
}

std::vector<bool> ChooseUnits(const std::vector<MeasuredUnit>& units) {
  std::vector<size_t> order(units.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&units](size_t a, size_t b) {
    return std::tie(units[a].bytes, units[a].name) < std::tie(units[b].bytes, units[b].name);
  });
  std::unordered_set<uint32_t> shown;
  std::vector<bool> keep(units.size());
  for (const size_t i : order) {
    for (const uint32_t feature : units[i].features) {
      if (shown.insert(feature).second) keep[i] = true;
    }
  }
  return keep;
}

absl::StatusOr<MergeJournal> MergeJournal::Open(const std::string& path, std::string_view of) {
  MergeJournal journal;
  journal.path_ = path;
  std::string whole = fmt::format("{}\n", of);
  if (const auto text = ReadFileBytes(path, kMaxJournalBytes); text.ok() && text->starts_with(whole)) {
    const size_t end = text->rfind('\n') + 1;  // what follows was cut off
    std::istringstream lines(text->substr(whole.size(), end - whole.size()));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string name;
      words >> name;
      std::vector<uint32_t>& features = journal.known_[name];
      features.clear();
      for (uint32_t feature = 0; words >> feature;) features.push_back(feature);
    }
    whole = text->substr(0, end);
  }
  if (absl::Status status = WriteFileAtomically(path, whole); !status.ok()) return status;
  journal.file_.open(path, std::ios::app | std::ios::binary);
  if (!journal.file_) return absl::UnavailableError(fmt::format("opening {}", path));
  return journal;
}

absl::Status MergeJournal::Add(const std::string& name, const std::vector<uint32_t>& features) {
  std::string line = name;
  for (const uint32_t feature : features) line += fmt::format(" {}", feature);
  file_ << line << '\n' << std::flush;
  known_[name] = features;
  return file_ ? absl::OkStatus() : absl::UnavailableError(fmt::format("writing {}", path_));
}

}  // namespace goleakstress::input
