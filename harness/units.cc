#include "harness/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <string>
#include <utility>

namespace goleakstress {

absl::StatusOr<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 6e10}, {"h", 3.6e12}};
  const auto bad = [text] {
    return absl::InvalidArgumentError(fmt::format("{:.40} is no duration: write 30s, 500ms or 1h30m", text));
  };
  double total = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
    if (digits == 0 || digits > 18) return bad();
    const std::string number(rest.substr(0, digits));
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (*end != '\0') return bad();
    rest.remove_prefix(digits);
    const size_t letters = std::min(rest.find_first_of("0123456789."), rest.size());
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& known) { return known.first == rest.substr(0, letters); });
    if (unit == std::end(kUnits)) return bad();
    total += value * unit->second;
    rest.remove_prefix(letters);
  }
  if (text.empty() || total > 9e18) return bad();
  return std::chrono::nanoseconds(static_cast<int64_t>(total));
}

absl::StatusOr<uint64_t> ParseSize(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1},       {"B", 1},         {"k", 1e3},          {"KB", 1e3},
      {"kB", 1e3},   {"MB", 1e6},      {"GB", 1e9},         {"TB", 1e12},
      {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"TiB", 1099511627776.0}};
  const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string number(text.substr(0, digits));
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                 [&](const auto& known) { return known.first == text.substr(digits); });
  if (number.empty() || *end != '\0' || unit == std::end(kUnits) || value * unit->second > 9e18) {
    return absl::InvalidArgumentError(fmt::format("{:.40} is no size: write 64MiB, 2GB or 4096", text));
  }
  return static_cast<uint64_t>(value * unit->second);
}

}  // namespace goleakstress
