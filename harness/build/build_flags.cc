#include "harness/build/build_flags.h"

#include <fmt/format.h>

#include <algorithm>

namespace goleakstress::build {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

// The text after "-name=" or "--name=" of a flag with that name, or nullptr.
const char* ValueOf(const std::string& flag, std::string_view name) {
  std::string_view rest = flag;
  rest.remove_prefix(std::min(rest.find_first_not_of('-'), rest.size()));
  if (rest.size() == flag.size() || !rest.starts_with(name)) return nullptr;
  rest.remove_prefix(name.size());
  return rest.starts_with('=') ? rest.data() + 1 : nullptr;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SplitGoFlags(std::string_view goflags) {
  std::vector<std::string> flags;
  for (;;) {
    goflags.remove_prefix(std::min(goflags.find_first_not_of(kSpace), goflags.size()));
    if (goflags.empty()) return flags;
    const char quote = goflags.front();
    const bool quoted = quote == '"' || quote == '\'';
    if (quoted) goflags.remove_prefix(1);
    const size_t end = quoted ? goflags.find(quote) : std::min(goflags.find_first_of(kSpace), goflags.size());
    if (end == std::string_view::npos)
      return absl::InvalidArgumentError("GOFLAGS has a quote that is not closed");
    flags.emplace_back(goflags.substr(0, end));
    goflags.remove_prefix(std::min(end + 1, goflags.size()));
  }
}

std::string FlagValue(const std::vector<std::string>& flags, std::string_view goflags,
                      std::string_view name) {
  const auto last = [name](const std::vector<std::string>& list) {
    const char* found = nullptr;
    for (const std::string& flag : list) {
      if (const char* value = ValueOf(flag, name)) found = value;
    }
    return found;
  };
  if (const char* given = last(flags)) return given;
  const auto from_environment = SplitGoFlags(goflags);
  const char* inherited = from_environment.ok() ? last(*from_environment) : nullptr;
  return inherited == nullptr ? "" : inherited;
}

absl::StatusOr<std::vector<std::string>> HarnessFlags(const std::vector<std::string>& user_flags,
                                                      std::string_view goflags, const std::string& overlay) {
  auto from_environment = SplitGoFlags(goflags);
  if (!from_environment.ok()) return from_environment.status();
  std::vector<std::string> flags = user_flags;
  const auto given = [](const std::vector<std::string>& list, std::string_view name) {
    return std::ranges::find_if(list,
                                [name](const std::string& flag) { return ValueOf(flag, name) != nullptr; });
  };
  if (given(flags, "overlay") != flags.end() ||
      given(*from_environment, "overlay") != from_environment->end()) {
    return absl::InvalidArgumentError("-overlay is taken: goleakstress puts its own probes in by an overlay");
  }
  // A flag on the command line hides the one in GOFLAGS: bring that one over before adding to it.
  if (given(flags, "ldflags") == flags.end()) {
    const auto hidden = given(*from_environment, "ldflags");
    if (hidden != from_environment->end()) flags.push_back(*hidden);
  }
  for (std::string& flag : flags) {
    if (ValueOf(flag, "ldflags") != nullptr) flag += " -s=false -w=false";
  }
  flags.insert(flags.end(), {"-trimpath=false", "-buildvcs=false", "-overlay=" + overlay});
  return flags;
}

std::vector<std::string> CoverageFlags(const std::vector<std::string>& user_flags, std::string_view goflags,
                                       std::string_view pattern) {
  std::vector<std::string> flags = user_flags;
  std::string tags = FlagValue(user_flags, goflags, "tags");
  // Go splits at spaces where there are any, otherwise at commas.
  if (!tags.empty()) tags += tags.find(' ') == std::string::npos ? ',' : ' ';
  flags.push_back(fmt::format("-tags={}goleakstress_coverage", tags));

  const std::string gcflags = FlagValue(user_flags, goflags, "gcflags");
  std::string_view arguments = gcflags;
  if (!arguments.empty() && !arguments.starts_with('-')) {
    arguments.remove_prefix(std::min(arguments.find('=') + 1, arguments.size()));
  }
  if (FlagValue(user_flags, "", "gcflags").empty() && !gcflags.empty())
    flags.push_back("-gcflags=" + gcflags);
  flags.push_back(
      fmt::format("-gcflags={}={}{}-d=libfuzzer", pattern, arguments, arguments.empty() ? "" : " "));
  return flags;
}

}  // namespace goleakstress::build
