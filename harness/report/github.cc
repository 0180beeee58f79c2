#include "harness/report/github.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "harness/report/escape.h"
#include "harness/report/groups.h"
#include "harness/report/source_places.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr int kMostOfAKind = 10;

// As the runner decodes it: % first, then line ends; in properties also what separates them.
std::string Encoded(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    out += special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
  }
  return out;
}

// Nothing inside the text can end the stop, since the word depends on all of it.
std::string StopWord(std::string_view text) {
  uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("goleakstress-{:016x}", hash);
}

class Annotations {
 public:
  void Add(std::string_view kind, const std::string& file, int line, std::string_view title,
           std::string_view message) {
    int& count = kind == "error" ? errors_ : warnings_;
    if (++count > kMostOfAKind) return;
    std::string properties;
    if (!file.empty()) properties += fmt::format("file={},", Encoded(file, true));
    if (!file.empty() && line > 0) properties += fmt::format("line={},", line);
    properties += fmt::format("title={}", Encoded(title, true));
    out_ += fmt::format("::{} {}::{}\n", kind, properties, Encoded(message, false));
  }

  std::string Take() && {
    const int more = std::max(0, errors_ - kMostOfAKind) + std::max(0, warnings_ - kMostOfAKind);
    if (more > 0) out_ += fmt::format("::notice title=goleakstress::{} more in the report\n", more);
    return std::move(out_);
  }

 private:
  std::string out_;
  int errors_ = 0, warnings_ = 0;
};

}  // namespace

std::string GithubReport(const Report& report, const TextOptions& options) {
  Annotations annotations;
  for (const SameFinding& same : GroupFindings(report)) {
    const Finding& finding = *same.front();
    const Frame* place = PlaceToShow(finding);
    std::string message = SentenceOf(same);
    if (!finding.advice().empty()) message += fmt::format("\nfix: {}", OneLine(finding.advice(), 1000));
    if (!finding.reproduce().empty())
      message += fmt::format("\nagain: {}", OneLine(finding.reproduce(), 4096));
    annotations.Add(IsLeak(finding.verdict()) ? "error" : "warning",
                    place == nullptr ? "" : OneLine(SourceFile(report, finding, *place, options.source_root)),
                    place == nullptr ? 0 : place->line(), "goleakstress " + OneLine(finding.rule()), message);
  }
  for (const Package& package : report.packages()) {
    if (package.error().empty()) continue;
    annotations.Add("error", "", 0, "goleakstress",
                    OneLine(package.import_path()) + " was not run\n" + ManyLines(package.error(), 4096));
  }
  const std::string text = TextReport(report, options);
  const std::string stop = StopWord(text);
  return fmt::format("::stop-commands::{0}\n{1}::{0}::\n{2}", stop, text, std::move(annotations).Take());
}

}  // namespace goleakstress::report
