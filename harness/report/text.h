// The report as text: for people, on standard output.
#ifndef HARNESS_REPORT_TEXT_H_
#define HARNESS_REPORT_TEXT_H_

#include <functional>
#include <string>
#include <string_view>

#include "harness/proto/report.pb.h"

namespace goleakstress::report {

struct TextOptions {
  bool colour = false;   // colours never say what the words do not
  bool verbose = false;  // every member, whole stacks, stages, every entry
  // Absolute directory to which files in reports for machines are relative (SARIF, annotations); the text
  // report names files as the report has them.
  std::string source_root = {};
};

// For each package a headline, then its findings, the worst first, each with where, why, how sure, how to run
// it again and how to repair it; then entries that are not clean, crashes, Go's own text about what does not
// build, lost probes and notices. The last line sums up and names the exit code. A clean package takes one
// line. A report with corpora begins with these, and ends there if all went well. Everything that comes from
// the target is escaped and bounded; lines end in a line feed.
std::string TextReport(const Report& report, const TextOptions& options);

// Whether to colour: `flag` (always, never, else automatic), then NO_COLOR when not empty, then
// CLICOLOR_FORCE or FORCE_COLOR when neither empty nor 0, then whether the output is a terminal other than
// TERM=dumb. `env` gives null for what is not set, as ::getenv does.
bool WantColour(std::string_view flag, const std::function<const char*(const char*)>& env, bool is_terminal);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_TEXT_H_
