// Reports by the name of their format, written where the user wants them.
#ifndef HARNESS_REPORT_WRITER_H_
#define HARNESS_REPORT_WRITER_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "harness/proto/report.pb.h"
#include "harness/report/text.h"

namespace goleakstress::report {

// One format. Writers hold no state: one object serves every thread.
class ReportWriter {
 public:
  virtual ~ReportWriter() = default;
  virtual std::string_view name() const = 0;  // as -format takes it
  virtual std::string Write(const Report& report, const TextOptions& options) const = 0;
};

// Every format there is, `text` first.
std::span<const ReportWriter* const> Writers();

struct Destination {
  const ReportWriter* writer = nullptr;
  std::string path = {};  // empty: standard output
};

// What the values of -format ask for: "NAME", "NAME=-" and "NAME=" mean standard output, "NAME=PATH" a file.
// Text goes to standard output unless another format
// takes it. InvalidArgument for an unknown name (with the known ones), and for two reports in one place.
absl::StatusOr<std::vector<Destination>> ParseFormats(const std::vector<std::string>& values);

// The first of the files that cannot be written, as CheckWritable says.
absl::Status CheckDestinations(const std::vector<Destination>& destinations);

// Those among them that are files, and so can be written more than once: a later report takes the place of an
// earlier one.
std::vector<Destination> Files(const std::vector<Destination>& destinations);

// Writes the report to each destination; `stdout_fd` is standard output, and `text` says how the text for it
// looks (in files it is never coloured; an empty source_root is found as FindSourceRoot does). A file appears
// whole or not at all (temporary file, then rename; a path that exists and is no regular file, such as
// /dev/stderr or a pipe, is written into). Every destination is tried; the first error is returned, with the
// path in it.
absl::Status WriteReports(const std::vector<Destination>& destinations, const Report& report,
                          const TextOptions& text, int stdout_fd);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_WRITER_H_
