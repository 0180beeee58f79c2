// The small words of a report that people read: numbers, durations, names, places.
#ifndef HARNESS_REPORT_WORDS_H_
#define HARNESS_REPORT_WORDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

std::string Thousands(int64_t value);  // 8,912
std::string Bytes(double bytes);       // 96 B, 1.5 KiB, 12.1 MiB
std::string Duration(double seconds);  // 0.4s, 11.4s, 1m40s, 25h, 1h30m
std::string Amount(double value);      // 1.00, 0.013, 1,234: of something countable, two digits
std::string Count(int64_t n,
                  std::string_view of);  // 1 leak, 2 leaks, 2 entries: a noun with a regular plural
std::string Upper(std::string word);     // ASCII letters only

// "per call", "per distinct input", "per second": by Finding.driver.
std::string_view PerWhat(const Finding& finding);
// "1.00 per call, 223 B", "at most 0.0032 per call" where the best guess is 0, "3.00 objects, 240 B per
// distinct input", "1.5 KiB per call".
std::string RateText(const Finding& finding);

// "example.com/app/fetch.(*Client).Do.func1" -> "fetch.(*Client).Do.func1".
// The major version at the end of an import path is no name: "example.com/cache/v7.New" -> "cache.New".
std::string ShortFunction(std::string_view function);
// A dependency's file by module and version, not by where this machine keeps it and how.
std::string ShortFile(std::string_view file);
// "fetch.go:31", of a module in the cache "example.com/lib@v1.2.3/do.go:7"; the function where no file or
// no line is known, empty where nothing is.
std::string PlaceOf(const Frame& frame);

// The verdicts, from the most to the least alarming; unknown words come last.
int SeverityOf(std::string_view verdict);
// proven, leak, exhausted: what exit code 1 stands for.
bool IsLeak(std::string_view verdict);
// clean, and what filled up or comes and goes: nothing to look at.
bool IsQuiet(std::string_view verdict);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_WORDS_H_
