#include "harness/build/patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <regex>
#include <utility>

namespace goleakstress::build {
namespace {

constexpr size_t kQuotedAnchor = 70;

// The anchor on one line, for a message.
std::string Quote(std::string_view anchor) {
  std::string quoted;
  for (char c : anchor.substr(0, kQuotedAnchor)) {
    if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else {
      quoted += c;
    }
  }
  return "`" + quoted + (anchor.size() > kQuotedAnchor ? "...`" : "`");
}

absl::Status Miss(const Substitution& substitution, int found) {
  return absl::FailedPreconditionError(fmt::format("{} occurs {} times where {} were expected",
                                                   Quote(substitution.anchor), found, substitution.count));
}

absl::StatusOr<std::string> SubstituteLiteral(const std::string& text, const Substitution& substitution) {
  std::string result;
  size_t from = 0;
  int found = 0;
  for (size_t at = text.find(substitution.anchor); at != std::string::npos;
       at = text.find(substitution.anchor, from)) {
    result.append(text, from, at - from).append(substitution.replacement);
    from = at + substitution.anchor.size();
    ++found;
  }
  if (found != substitution.count) return Miss(substitution, found);
  return result.append(text, from);
}

absl::StatusOr<std::string> SubstituteRegex(const std::string& text, const Substitution& substitution) {
  try {
    const std::regex pattern(substitution.anchor);
    const auto found =
        static_cast<int>(std::distance(std::sregex_iterator(text.begin(), text.end(), pattern), {}));
    if (found != substitution.count) return Miss(substitution, found);
    return std::regex_replace(text, pattern, substitution.replacement);
  } catch (const std::regex_error& error) {  // too complex for this text: as good as a miss
    return absl::FailedPreconditionError(fmt::format("{}: {}", Quote(substitution.anchor), error.what()));
  }
}

using Files = std::map<std::string, std::string>;

// Adds the variant's changes to `files`; on an error `files` is left half done.
absl::Status ApplyVariant(const SourceReader& read, const Variant& variant, Files& files) {
  for (const Patch& patch : variant.patches) {
    auto at = files.find(patch.file);
    if (at == files.end()) {
      auto text = read(patch.file);
      if (!text.ok()) return text.status();
      at = files.emplace(patch.file, *std::move(text)).first;
    }
    for (const Substitution& substitution : patch.substitutions) {
      auto changed = Substitute(at->second, substitution);
      if (!changed.ok()) {
        return absl::FailedPreconditionError(
            fmt::format("{}: {}", patch.file, std::string(changed.status().message())));
      }
      at->second = *std::move(changed);
    }
    at->second += patch.append;
  }
  for (const Addition& addition : variant.additions) {
    if (!files.emplace(addition.file, addition.contents).second || read(addition.file).ok()) {
      return absl::FailedPreconditionError(fmt::format("{}: there is such a file already", addition.file));
    }
  }
  return absl::OkStatus();
}

// Empty if the probe is live now, else why not.
std::string TryProbe(const SourceReader& read, const Probe& probe, int go_minor, std::string_view goarch,
                     Files& files) {
  std::string why;
  for (const Variant& variant : probe.variants) {
    if (go_minor < variant.min_minor || go_minor > variant.max_minor) continue;
    if (!variant.arch.empty() && variant.arch != goarch) continue;
    Files attempt = files;
    const absl::Status applied = ApplyVariant(read, variant, attempt);
    if (applied.ok()) {
      files = std::move(attempt);
      return "";
    }
    if (why.empty()) why = std::string(applied.message());
  }
  if (why.empty()) why = fmt::format("not made for Go 1.{} on {}", go_minor, goarch);
  return why;
}

}  // namespace

absl::StatusOr<ProbeSelection> ProbeSelection::Parse(std::string_view text,
                                                     const std::vector<Probe>& probes) {
  ProbeSelection selection;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    std::string_view name = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (name.empty()) continue;
    const bool on = name.front() != '-';
    if (name.front() == '-' || name.front() == '+') name.remove_prefix(1);
    if (name != "all" && std::ranges::none_of(probes, [name](const Probe& p) { return p.name == name; })) {
      std::string known = "all";
      for (const Probe& probe : probes) known += " " + probe.name;
      return absl::InvalidArgumentError(fmt::format("no probe is called {}; there are: {}", name, known));
    }
    selection.rules_.emplace_back(on, name);
  }
  return selection;
}

bool ProbeSelection::Wants(std::string_view name) const {
  bool wanted = true;
  for (const auto& [on, rule] : rules_) {
    if (rule == "all" || rule == name) wanted = on;
  }
  return wanted;
}

absl::StatusOr<std::string> Substitute(const std::string& text, const Substitution& substitution) {
  if (substitution.anchor.empty()) return absl::FailedPreconditionError("empty anchor");
  return substitution.regex ? SubstituteRegex(text, substitution) : SubstituteLiteral(text, substitution);
}

PatchedFiles ApplyProbes(const SourceReader& read, const std::vector<Probe>& probes, int go_minor,
                         std::string_view goarch, const ProbeSelection& selection) {
  PatchedFiles result;
  for (const Probe& probe : probes) {
    ProbeState state{.name = probe.name, .live = false, .required = probe.required, .lost = {}, .why = {}};
    state.why = selection.Wants(probe.name) ? TryProbe(read, probe, go_minor, goarch, result.files)
                                            : "switched off by -probes";
    state.live = state.why.empty();
    if (!state.live) state.lost = probe.lost;
    result.probes.push_back(std::move(state));
  }
  return result;
}

}  // namespace goleakstress::build
