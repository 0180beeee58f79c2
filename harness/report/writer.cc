#include "harness/report/writer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "harness/report/json.h"
#include "harness/report/output_file.h"

namespace goleakstress::report {
namespace {

class Text : public ReportWriter {
 public:
  std::string_view name() const override { return "text"; }
  std::string Write(const Report& report, const TextOptions& options) const override {
    return TextReport(report, options);
  }
};

class Json : public ReportWriter {
 public:
  std::string_view name() const override { return "json"; }
  std::string Write(const Report& report, const TextOptions& /*options*/) const override {
    return JsonReport(report);
  }
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
  static const Text text;
  static const Json json;
  static const std::array<const ReportWriter*, 2> all = {&text, &json};
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

absl::Status WriteReports(const std::vector<Destination>& destinations, const Report& report,
                          const TextOptions& text, int stdout_fd) {
  absl::Status first;
  for (const Destination& destination : destinations) {
    TextOptions options = text;
    options.colour = text.colour && destination.path.empty();
    const std::string content = destination.writer->Write(report, options);
    absl::Status status = destination.path.empty() ? WriteAll(stdout_fd, content, "standard output")
                                                   : WriteFileWhole(destination.path, content);
    if (first.ok()) first = std::move(status);
  }
  return first;
}

}  // namespace goleakstress::report
