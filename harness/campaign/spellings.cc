#include "harness/campaign/spellings.h"

#include <fmt/format.h>

#include <utility>

#include "absl/status/status.h"
#include "harness/input/file_bytes.h"
#include "harness/input/fuzz_corpus.h"
#include "harness/input/sha256.h"

namespace goleakstress::campaign {
namespace {

constexpr size_t kMostCalls = 1000;
constexpr std::string_view kHead = "go test fuzz v1\n";

}  // namespace

std::string SpellCalls(const input::Sequence& calls) {
  std::string text;
  for (const input::Input& input : calls) text += input::MarshalCorpusFile(input);
  return text;
}

absl::StatusOr<input::Sequence> ReadCalls(std::string_view text) {
  input::Sequence calls;
  while (calls.empty() || !text.empty()) {
    if (calls.size() == kMostCalls) return absl::InvalidArgumentError("more than 1,000 calls");
    // No value has a line break of its own: a head at the beginning of a line is one.
    const size_t next = text.find(fmt::format("\n{}", kHead));
    const size_t end = next == text.npos ? text.size() : next + 1;
    auto input = input::UnmarshalCorpusFile(text.substr(0, end));
    if (!input.ok()) return input.status();
    calls.push_back(*std::move(input));
    text.remove_prefix(end);
  }
  return calls;
}

absl::StatusOr<std::string> SaveCalls(const std::string& directory, const input::Sequence& calls) {
  const std::string text = SpellCalls(calls);
  std::string path = fmt::format("{}/{}", directory, input::Sha256Hex(text).substr(0, 16));
  if (absl::Status written = input::WriteFileAtomically(path, text); !written.ok()) return written;
  return path;
}

std::string ShellWord(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == word.npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace goleakstress::campaign
