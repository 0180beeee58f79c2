// Dates and times of day in text, moved to where calendars are irregular.

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>

#include "harness/input/mutate_structure.h"

namespace goleakstress::input {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Where a date stands, and how it is written.
struct DatePlace {
  size_t begin, size;
  int year;
  char separator;   // 0: none, as in 20060102
  bool year_first;  // else it is last, behind two numbers
};

// The number of `digits` digits at `at`, with no digit behind it; below 0 where there is none.
int NumberAt(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size() || (at + digits < text.size() && IsDigit(text[at + digits]))) return -1;
  int number = 0;
  for (size_t i = at; i < at + digits; ++i) {
    if (!IsDigit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  return number;
}

size_t DigitsAt(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  return end - at;
}

// A date that begins at `at`: 2006-01-02, 2006/1/2, 02.01.2006, 1/2/2006, 20060102.
std::optional<DatePlace> DateAt(std::string_view text, size_t at) {
  if (at > 0 && IsDigit(text[at - 1])) return std::nullopt;
  const size_t first = DigitsAt(text, at);
  if (first == 8) {
    const int number = NumberAt(text, at, 8);
    const int month = number / 100 % 100, day = number % 100;
    if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
    return DatePlace{at, 8, number / 10000, 0, true};
  }
  if ((first != 4 && first != 1 && first != 2) || at + first >= text.size()) return std::nullopt;
  const char separator = text[at + first];
  if (std::string_view("-/.").find(separator) == std::string_view::npos) return std::nullopt;
  const size_t second_at = at + first + 1, second = DigitsAt(text, second_at);
  const size_t third_at = second_at + second + 1;
  if (second < 1 || second > 2 || third_at >= text.size() || text[third_at - 1] != separator) {
    return std::nullopt;
  }
  const size_t third = DigitsAt(text, third_at);
  const bool year_first = first == 4;
  if (year_first ? third < 1 || third > 2 : third != 4) return std::nullopt;
  const int year = year_first ? NumberAt(text, at, 4) : NumberAt(text, third_at, 4);
  return DatePlace{at, third_at + third - at, year, separator, year_first};
}

struct Date {
  int year, month, day;
};

// First and last days, the days around the end of February, and days that no calendar has, in years that do
// and do not have a 29th of February, and where 16, 32 and 64 bits of seconds or nanoseconds end.
Date BoundaryDate(int year, Random* random) {
  static constexpr int kYears[] = {0,    1,    1582, 1677, 1900, 1901, 1969, 1970,
                                   1999, 2000, 2024, 2038, 2100, 2106, 2262, 9999};
  static constexpr int kDays[][2] = {{1, 1},  {12, 31}, {2, 29}, {2, 28}, {3, 1},  {2, 30}, {4, 31},
                                     {6, 30}, {10, 31}, {1, 31}, {0, 0},  {13, 1}, {12, 30}};
  if (random->OneIn(4)) {
    year = kYears[random->Below(std::size(kYears))];
  } else if (random->OneIn(3)) {
    year = year / 4 * 4;  // a leap year, most of them
  } else if (random->OneIn(4)) {
    year += random->OneIn(2) ? 1 : -1;
  }
  const int* day = kDays[random->Below(std::size(kDays))];
  return {((year % 10000) + 10000) % 10000, day[0], day[1]};
}

std::string Write(const Date& date, const DatePlace& as, Random* random) {
  if (as.separator == 0) return fmt::format("{:04}{:02}{:02}", date.year, date.month, date.day);
  if (as.year_first) {
    return fmt::format("{:04}{}{:02}{}{:02}", date.year, as.separator, date.month, as.separator, date.day);
  }
  // Nothing tells whether day or month comes first, but that days come first before full stops.
  const bool day_first = as.separator == '.' || random->OneIn(2);
  return fmt::format("{:02}{}{:02}{}{:04}", day_first ? date.day : date.month, as.separator,
                     day_first ? date.month : date.day, as.separator, date.year);
}

// 15:04 or 15:04:05 at `at`: where hours and minutes stand.
bool TimeAt(std::string_view text, size_t at) {
  return (at == 0 || !IsDigit(text[at - 1])) && NumberAt(text, at, 2) >= 0 && at + 5 <= text.size() &&
         text[at + 2] == ':' && NumberAt(text, at + 3, 2) >= 0;
}

void MoveTime(size_t at, Random* random, std::string* text) {
  static constexpr std::string_view kTimes[] = {"00:00:00", "23:59:59", "23:59:60", "24:00:00",
                                                "12:00:00", "02:30:00", "00:00:01", "25:61:61"};
  const std::string_view time = kTimes[random->Below(std::size(kTimes))];
  const bool seconds = at + 8 <= text->size() && (*text)[at + 5] == ':' && NumberAt(*text, at + 6, 2) >= 0;
  text->replace(at, seconds ? 8 : 5, time.substr(0, seconds ? 8 : 5));
}

}  // namespace

bool MoveDate(Random* random, std::string* text) {
  const size_t start = AnyPlace(*text, random);
  for (size_t tried = 0; tried < text->size(); ++tried) {
    const size_t at = (start + tried) % text->size();
    if (!IsDigit((*text)[at])) continue;
    if (const auto place = DateAt(*text, at)) {
      text->replace(place->begin, place->size, Write(BoundaryDate(place->year, random), *place, random));
      return true;
    }
    if (TimeAt(*text, at)) {
      MoveTime(at, random, text);
      return true;
    }
  }
  return false;
}

}  // namespace goleakstress::input
