#include "harness/explain/release.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "harness/explain/closable.h"
#include "harness/explain/go_source.h"
#include "harness/explain/holders.h"
#include "harness/explain/ways_out.h"

namespace goleakstress::explain {
namespace {

// "Close" of "Close() error {"; empty where the method takes more than a context, which is for a part, or
// returns more than an error, as what counts those that are free.
std::string_view WithoutArguments(std::string_view method) {
  const size_t open = method.find('('), close = method.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  const std::string_view arguments = method.substr(open + 1, close - open - 1);
  std::string_view results = method.substr(close + 1, method.find_first_of("{/", close) - close - 1);
  while (results.ends_with(' ')) results.remove_suffix(1);
  if (!results.empty() && !results.ends_with("error") && !results.ends_with("error)")) return {};
  const bool context =
      arguments.ends_with("context.Context") && arguments.find(',') == std::string_view::npos;
  return arguments.empty() || context ? method.substr(0, open) : std::string_view();
}

bool IsExported(std::string_view name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) != 0;
}

// The method that is there to give up a whole value; empty: none is.
std::string_view BestOf(const std::vector<std::string_view>& closers) {
  constexpr std::array<std::string_view, 5> kUsual = {"Close", "Stop", "Shutdown", "Cancel", "Release"};
  std::vector<std::string_view> names;
  for (const std::string_view closer : closers) {
    const std::string_view name = WithoutArguments(closer);
    if (IsExported(name)) names.push_back(name);
  }
  for (const std::string_view usual : kUsual) {
    if (std::find(names.begin(), names.end(), usual) != names.end()) return usual;
  }
  return names.empty() ? std::string_view() : names.front();
}

// Whether a method of this name begins what its receiver goes on with.
bool Begins(std::string_view name) {
  constexpr std::array<std::string_view, 7> kVerbs = {"Start", "Run",     "Serve", "Listen",
                                                      "Open",  "Connect", "Init"};
  return std::any_of(kVerbs.begin(), kVerbs.end(),
                     [name](std::string_view verb) { return name.starts_with(verb); });
}

// The name that a file says its package has.
std::string_view PackageNameIn(std::string_view source) {
  constexpr std::string_view kPackage = "package ";
  size_t at = source.starts_with(kPackage) ? 0 : source.find("\npackage ");
  if (at == std::string_view::npos) return {};
  if (at > 0) ++at;
  const std::string_view name = source.substr(at + kPackage.size());
  return name.substr(0, name.find_first_of(" \t\r\n;"));
}

enum class Of { kResultOrBegun, kReceiver };

// What gives up what the function of the frame returns or begins; or its receiver. Empty: nothing known.
std::string ReleaseOfFrame(const Frame& frame, Of what, const ReadSource& read) {
  if (IsClosure(frame.function)) return {};
  const std::string source = read(frame.file);
  const size_t declared = DeclarationAbove(source, frame.line);
  if (declared == std::string::npos) return {};
  // A file that is not quite the one that was built tells another function's.
  const std::string function = DeclaredFunction(frame.function);
  const std::string_view name = NameWithin(function);
  std::string_view text = std::string_view(source).substr(declared + kDeclaration.size());
  std::string_view receiver;
  if (text.starts_with('(')) {
    receiver = text.substr(1, text.find(')') - 1);
    text.remove_prefix(std::min(receiver.size() + 3, text.size()));
    receiver = TypeOfReceiver(receiver);
  }
  if (!text.starts_with(name) ||
      !(text.substr(name.size()).starts_with('(') || text.substr(name.size()).starts_with('[')))
    return {};
  const std::string package = PackageAround(frame.file, source, read);
  const std::string_view of = PackageNameIn(source);
  const std::string results = what == Of::kReceiver ? "" : DeclaredResults(source, frame.line);
  for (const std::string_view type : OwnTypes(results)) {
    const std::string_view method = BestOf(ClosersOf(package, type, IsHandle));
    if (method.empty()) continue;
    const std::string shown = receiver.empty() ? fmt::format("{}.{}", of, name) : std::string(name);
    return fmt::format("{}() of what {} returns", method, shown);
  }
  if (!(what == Of::kReceiver ? IsExported(receiver) : !receiver.empty() && Begins(name))) return {};
  const std::string_view method = BestOf(ClosersOf(package, receiver, IsHandle));
  return method.empty() ? "" : fmt::format("{}() of its *{}.{}", method, of, receiver);
}

// Whether the function around the frame's line calls that method of what the line assigned, itself and not in
// what it is made part of.
bool CallsItsRelease(const Frame& frame, std::string_view how, const ReadSource& read) {
  const std::string source = read(frame.file);
  const auto& [lines, at] = DeclarationAround(source, frame.line);
  if (lines.empty()) return false;
  const std::string method = fmt::format(".{}", how.substr(0, how.find('(')));
  std::vector<std::string> variables;
  for (const std::string_view name : AssignedTo(lines[at])) variables.emplace_back(name);
  return std::any_of(variables.begin(), variables.end(), [&](const std::string& name) {
    return !name.empty() && name != "_" && name != "err" &&
           std::any_of(lines.begin(), lines.end(),
                       [&](std::string_view line) { return HasWord(line, name + method); });
  });
}

}  // namespace

Release ReleaseOf(const Stack& chain, const Frame* culprit, const CodeMap& code, const ReadSource& read,
                  bool started) {
  const Frame* const leaf = chain.data();
  const Frame* const end = leaf + chain.size();
  if (!read || culprit == nullptr || culprit < leaf || culprit >= end) return {};
  const Frame* called = culprit == leaf ? culprit : culprit - 1;
  Release release{.how = ReleaseOfFrame(*called, Of::kResultOrBegun, read)};
  const auto is_users = [&](const Frame* frame) {
    return frame < end && code.OwnerOf(*frame) == Owner::kUser && !IsClosure(frame->function);
  };
  // A function that is not exported is the inside of what calls it.
  const auto is_inside = [&](const Frame& frame) {
    return !IsExported(NameWithin(DeclaredFunction(frame.function))) &&
           PackageOf(frame.function) == PackageOf(leaf->function);
  };
  while (culprit == leaf && is_users(called + 1)) {
    if (release.how.empty() && !is_inside(*called)) break;
    std::string outer = ReleaseOfFrame(called[1], Of::kResultOrBegun, read);
    if (outer.empty() && !release.how.empty()) break;
    release.how = std::move(outer);
    ++called;
  }
  if (culprit == leaf && called + 1 < end && !release.how.empty()) release.call = called + 1;
  release.done = !release.how.empty() && called + 1 < end && code.OwnerOf(called[1]) == Owner::kUser &&
                 CallsItsRelease(called[1], release.how, read) &&
                 GivesItUp(read(called[1].file), called[1].line);
  // Some start what they need when it is needed first.
  for (const Frame* frame = leaf; started && release.how.empty() && frame < culprit; ++frame)
    release.how = ReleaseOfFrame(*frame, Of::kReceiver, read);
  return release;
}

}  // namespace goleakstress::explain
