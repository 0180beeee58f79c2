#include "harness/report/writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "harness/report/github.h"
#include "harness/report/json.h"
#include "harness/report/junit.h"
#include "harness/report/markdown.h"
#include "harness/report/output_file.h"
#include "harness/report/sarif.h"
#include "harness/report/source_places.h"

namespace goleakstress::report {
namespace {

// A format that is one function.
class FunctionWriter : public ReportWriter {
 public:
  using Function = std::string (*)(const Report&, const TextOptions&);
  FunctionWriter(std::string_view name, Function function) : name_(name), function_(function) {}
  std::string_view name() const override { return name_; }
  std::string Write(const Report& report, const TextOptions& options) const override {
    return function_(report, options);
  }

 private:
  std::string_view name_;
  Function function_;
};

absl::StatusOr<Destination> ParseFormat(std::string_view value) {
  const std::string_view name = value.substr(0, value.find('='));
  Destination destination;
  std::string known;
  for (const ReportWriter* writer : Writers()) {
    if (writer->name() == name) destination.writer = writer;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", writer->name());
  }
  if (destination.writer == nullptr) {
    return absl::InvalidArgumentError(fmt::format("-format {}: no such format; there are {}", name, known));
  }
  if (name.size() < value.size()) destination.path = value.substr(name.size() + 1);
  if (destination.path == "-") destination.path.clear();
  return destination;
}

}  // namespace

std::span<const ReportWriter* const> Writers() {
  static const FunctionWriter text("text", TextReport);
  static const FunctionWriter json(
      "json", [](const Report& report, const TextOptions&) { return JsonReport(report); });
  static const FunctionWriter sarif("sarif", [](const Report& report, const TextOptions& options) {
    return SarifReport(report, options.source_root);
  });
  static const FunctionWriter junit(
      "junit", [](const Report& report, const TextOptions&) { return JunitReport(report); });
  static const FunctionWriter github("github", GithubReport);
  static const FunctionWriter markdown(
      "markdown", [](const Report& report, const TextOptions&) { return MarkdownReport(report); });
  static const std::array<const ReportWriter*, 6> all = {&text, &json, &sarif, &junit, &github, &markdown};
  return all;
}

absl::StatusOr<std::vector<Destination>> ParseFormats(const std::vector<std::string>& values) {
  std::vector<Destination> destinations;
  for (const std::string& value : values) {
    absl::StatusOr<Destination> destination = ParseFormat(value);
    if (!destination.ok()) return destination.status();
    for (const Destination& other : destinations) {
      if (other.path != destination->path) continue;
      return absl::InvalidArgumentError(
          fmt::format("-format {}: the {} report goes there already", value, other.writer->name()));
    }
    destinations.push_back(*std::move(destination));
  }
  const bool taken = std::any_of(destinations.begin(), destinations.end(),
                                 [](const Destination& destination) { return destination.path.empty(); });
  if (!taken) destinations.insert(destinations.begin(), {Writers().front(), ""});
  return destinations;
}

absl::Status CheckDestinations(const std::vector<Destination>& destinations) {
  for (const Destination& destination : destinations) {
    if (destination.path.empty()) continue;
    if (absl::Status status = CheckWritable(destination.path); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::vector<Destination> Files(const std::vector<Destination>& destinations) {
  std::vector<Destination> files;
  std::copy_if(destinations.begin(), destinations.end(), std::back_inserter(files),
               [](const Destination& destination) {
                 return !destination.path.empty() && ReplacesWhatIsThere(destination.path);
               });
  return files;
}

absl::Status WriteReports(const std::vector<Destination>& destinations, const Report& report,
                          const TextOptions& text, int stdout_fd) {
  absl::Status first;
  for (const Destination& destination : destinations) {
    TextOptions options = text;
    if (options.source_root.empty()) options.source_root = FindSourceRoot();
    options.colour = text.colour && destination.path.empty();
    const std::string content = destination.writer->Write(report, options);
    absl::Status status = destination.path.empty() ? WriteAll(stdout_fd, content, "standard output")
                                                   : WriteFileWhole(destination.path, content);
    if (first.ok()) first = std::move(status);
  }
  return first;
}

}  // namespace goleakstress::report
