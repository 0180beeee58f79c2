#include "harness/report/words.h"

#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace goleakstress::report {

std::string Thousands(int64_t value) {
  std::string digits = fmt::format("{}", value);
  const size_t first = value < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string Bytes(double bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (std::abs(bytes) >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  if (std::abs(bytes) < 0.95 && bytes != 0) return fmt::format("{:.2g} B", bytes);
  if (unit == 0 && (std::abs(bytes) >= 10 || bytes == std::floor(bytes)))
    return fmt::format("{:.0f} B", bytes);
  return fmt::format("{:.1f} {}", bytes, kUnits[unit]);
}

std::string Duration(double seconds) {
  if (!(seconds > 0)) return "0s";
  if (seconds < 59.95) return fmt::format("{:.{}f}s", seconds, seconds == std::floor(seconds) ? 0 : 1);
  const auto whole = static_cast<int64_t>(std::llround(std::min(seconds, 1e15)));
  std::string text;
  if (whole >= 3600) text += fmt::format("{}h", whole / 3600);
  if (whole / 60 % 60 > 0) text += fmt::format("{}m", whole / 60 % 60);
  if (whole % 60 > 0 && whole < 36000) text += fmt::format("{}s", whole % 60);
  return text;
}

std::string Amount(double value) {
  const double size = std::abs(value);
  if (size >= 1e15 || !std::isfinite(value)) return fmt::format("{:.2g}", value);
  if (size >= 1000) return Thousands(std::llround(value));
  if (size >= 0.095 || size == 0) return fmt::format("{:.2f}", value);
  return fmt::format("{:.2g}", value);
}

std::string Count(int64_t n, std::string_view of) {
  if (n == 1) return fmt::format("1 {}", of);
  if (of.ends_with('y')) return fmt::format("{} {}ies", Thousands(n), of.substr(0, of.size() - 1));
  return fmt::format("{} {}{}", Thousands(n), of, of.ends_with('s') ? "es" : "s");
}

std::string Upper(std::string word) {
  for (char& c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return word;
}

std::string_view PerWhat(const Finding& finding) {
  if (finding.driver() == "key") return "per distinct input";
  if (finding.driver() == "time") return "per second";
  return "per call";
}

std::string RateText(const Finding& finding) {
  // What grows has a rate, though the best guess be none.
  const bool unknown = finding.rate_per_call() == 0 && finding.rate_high() > 0;
  const double rate = unknown ? finding.rate_high() : finding.rate_per_call();
  const std::string_view most = unknown ? "at most " : "";
  if (finding.unit() == "bytes") return fmt::format("{}{} {}", most, Bytes(rate), PerWhat(finding));
  // Of hanging calls.
  if (finding.unit() == "calls") return fmt::format("{:.3g} % of calls", 100 * finding.rate_per_call());
  const std::string bytes = finding.bytes_per_call() > 0 ? ", " + Bytes(finding.bytes_per_call()) : "";
  // "goroutine  1.00 per call" needs no unit.
  const bool plain = finding.unit().empty() || finding.unit() == finding.class_() + "s";
  const std::string amount = fmt::format("{}{}", most, Amount(rate));
  if (plain) return fmt::format("{} {}{}", amount, PerWhat(finding), bytes);
  return fmt::format("{} {}{} {}", amount, finding.unit(), bytes, PerWhat(finding));
}

namespace {

// "v7" of github.com/x/cache/v7: no name of a package.
bool IsMajorVersion(std::string_view element) {
  return element.size() >= 2 && element[0] == 'v' &&
         element.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// The module cache writes capitals as "!" and a small letter, for file systems that do not tell them apart.
std::string Unescaped(std::string_view path) {
  std::string text;
  for (size_t i = 0; i < path.size(); ++i) {
    const bool capital = path[i] == '!' && i + 1 < path.size() && path[i + 1] >= 'a' && path[i + 1] <= 'z';
    text += capital ? static_cast<char>(path[++i] - 'a' + 'A') : path[i];
  }
  return text;
}

}  // namespace

std::string ShortFunction(std::string_view function) {
  // Slashes in type arguments and receivers are not the import path's.
  const std::string_view path = function.substr(0, function.find_first_of("[("));
  const size_t slash = path.rfind('/');
  const size_t begin = slash == path.npos ? 0 : slash + 1;
  std::string_view package = path.substr(begin, path.find('.', begin) - begin);
  const std::string_view rest = function.substr(begin + package.size());
  if (slash != path.npos && IsMajorVersion(package)) {
    package = path.substr(0, slash);
    package.remove_prefix(package.rfind('/') + 1);  // none: from the beginning
  }
  // The compiler writes the dots of the last element of an import path as %2e (cmd/internal/objabi).
  const size_t dot = package.rfind("%2e");  // gopkg.in/yaml.v3
  if (dot != package.npos && dot > 0 && IsMajorVersion(package.substr(dot + 3)))
    package = package.substr(0, dot);
  return absl::StrReplaceAll(fmt::format("{}{}", package, rest), {{"%2e", "."}});
}

std::string ShortFile(std::string_view file) {
  constexpr std::string_view kModules = "/pkg/mod/";
  const size_t at = file.find(kModules);
  return at == file.npos ? std::string(file) : Unescaped(file.substr(at + kModules.size()));
}

std::string PlaceOf(const Frame& frame) {
  if (!frame.file().empty() && frame.line() > 0)
    return fmt::format("{}:{}", ShortFile(frame.file()), frame.line());
  return ShortFunction(frame.function());
}

int SeverityOf(std::string_view verdict) {
  static constexpr std::array<std::string_view, 13> kOrder = {
      "proven",       "leak",         "exhausted", "gc-only",  "residue",   "growing", "background",
      "decelerating", "inconclusive", "delayed",   "turnover", "plateaued", "clean"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), verdict) - kOrder.begin());
}

bool IsLeak(std::string_view verdict) { return SeverityOf(verdict) <= 2; }

bool IsQuiet(std::string_view verdict) {
  return verdict == "clean" || verdict == "plateaued" || verdict == "turnover";
}

}  // namespace goleakstress::report
