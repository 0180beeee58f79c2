#include "harness/input/seed_corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>
#include <utility>

#include "harness/input/file_bytes.h"
#include "harness/input/fuzz_corpus.h"
#include "harness/input/sha256.h"

namespace goleakstress::input {
namespace {

constexpr size_t kMaxFileBytes = kMaxInputBytes * 5;
constexpr size_t kMaxRejected = 16;

std::vector<std::string> FilesOf(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename();
    std::error_code ignored;
    if (name.starts_with('.') || name.starts_with("README") || it->is_directory(ignored)) continue;
    files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<Input> ReadSeed(const std::string& file, const Kinds& kinds) {
  absl::StatusOr<std::string> contents = ReadFileBytes(file, kMaxFileBytes);
  if (!contents.ok()) return contents.status();
  const bool raw = !contents->starts_with("go test fuzz v");
  if (raw && kinds.size() == 1 && IsText(kinds.front()) && contents->size() <= kMaxInputBytes) {
    return Input{TextValue(kinds.front(), *std::move(contents))};
  }
  absl::StatusOr<Input> input = UnmarshalCorpusFile(*contents);
  if (input.ok() && !Matches(*input, kinds)) {
    return absl::InvalidArgumentError(
        fmt::format("has other arguments than the entry: {}", Describe(*input, 60)));
  }
  return input;
}

}  // namespace

std::vector<std::string> SeedDirectories(const SeedPlaces& places, const std::string& entry) {
  std::vector<std::string> directories;
  if (!places.package_directory.empty()) {
    directories.push_back(fmt::format("{}/testdata/fuzz/{}", places.package_directory, entry));
  }
  for (const std::string& corpus : places.corpora) directories.push_back(fmt::format("{}/{}", corpus, entry));
  if (!places.go_cache.empty() && !places.import_path.empty()) {
    directories.push_back(fmt::format("{}/fuzz/{}/{}", places.go_cache, places.import_path, entry));
  }
  return directories;
}

SeedCorpus ReadSeeds(const std::vector<std::string>& directories, const Kinds& kinds) {
  SeedCorpus corpus;
  std::unordered_set<uint64_t> seen;
  size_t bytes = 0;
  for (const std::string& directory : directories) {
    for (const std::string& file : FilesOf(directory)) {
      if (corpus.files >= kMaxSeedFiles || bytes >= kMaxSeedBytes) {
        ++corpus.left_out;
        continue;
      }
      ++corpus.files;
      absl::StatusOr<Input> input = ReadSeed(file, kinds);
      if (!input.ok()) {
        ++corpus.left_out;
        if (corpus.rejected.size() < kMaxRejected) {
          corpus.rejected.push_back(fmt::format("{}: {}", file, std::string(input.status().message())));
        }
        continue;
      }
      bytes += Size(*input);
      if (seen.insert(Hash(*input)).second) corpus.inputs.push_back(*std::move(input));
    }
  }
  return corpus;
}

absl::StatusOr<std::string> WriteSeed(const std::string& directory, const Input& input) {
  const std::string contents = MarshalCorpusFile(input);
  std::string path = fmt::format("{}/{}", directory, Sha256Hex(contents).substr(0, 16));
  const absl::Status written = WriteFileAtomically(path, contents);
  if (!written.ok()) return written;
  return path;
}

}  // namespace goleakstress::input
