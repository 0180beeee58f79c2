#include "harness/campaign/spellings.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "harness/input/file_bytes.h"
#include "harness/input/fuzz_corpus.h"
#include "harness/input/sha256.h"

namespace goleakstress::campaign {
namespace {

constexpr size_t kMostCalls = 1000;
constexpr std::string_view kHead = "go test fuzz v1\n";

// `[]byte("x"), int(5)`
std::string Arguments(const input::Input& input) {
  std::string text = input::MarshalCorpusFile(input).substr(kHead.size());
  if (text.ends_with('\n')) text.pop_back();
  for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at)) text.replace(at, 1, ", ");
  return text;
}

}  // namespace

std::string SpellCalls(const input::Sequence& calls) {
  std::string text;
  for (const input::Input& input : calls) text += input::MarshalCorpusFile(input);
  return text;
}

ArgumentRange ArgumentsThatCount(const input::Input& input, const Members& members) {
  const ArgumentRange all{0, input.size(), nullptr};
  if (members.empty() || input.empty()) return all;
  const int called = static_cast<int>(input.front().bits % static_cast<uint64_t>(members.size()));
  size_t begin = 1;
  for (int i = 0; i < called; ++i) begin += members[i].arguments();
  const size_t end = begin + members[called].arguments();
  return end > input.size() ? all : ArgumentRange{begin, end, &members[called]};  // the target may tell lies
}

void PutNewKey(const Members& members, input::NewKeys* keys, input::Random* random, input::Input* input) {
  const ArgumentRange range = ArgumentsThatCount(*input, members);
  const auto begin = input->begin() + static_cast<std::ptrdiff_t>(range.begin);
  input::Input own(begin, input->begin() + static_cast<std::ptrdiff_t>(range.end));
  keys->PutInOne(random, &own);
  std::copy(own.begin(), own.end(), begin);
}

std::string ShowCalls(const input::Sequence& calls, const Members& members) {
  std::string text;
  for (const input::Input& input : calls) {
    const ArgumentRange range = ArgumentsThatCount(input, members);
    if (range.member == nullptr) return SpellCalls(calls);
    const auto first = input.begin();
    text += fmt::format("{}({})\n", range.member->name(),
                        Arguments({first + static_cast<std::ptrdiff_t>(range.begin),
                                   first + static_cast<std::ptrdiff_t>(range.end)}));
  }
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
