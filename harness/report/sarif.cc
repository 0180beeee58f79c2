#include "harness/report/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/report/escape.h"
#include "harness/report/groups.h"
#include "harness/report/json_writer.h"
#include "harness/report/rules.h"
#include "harness/report/source_places.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr size_t kMostResults = 5000;
constexpr int kMostFrames = 64;

// Percent-encodes what may not stand in the path of a URI (RFC 3986).
std::string UriPath(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/!$&'()*+,;=@").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// The signature, which several leaks of one function share: all but the first are numbered, in an order that
// does not depend on what was measured, since a reader keeps one result of each fingerprint.
std::string FingerprintOf(const Finding& finding, const std::vector<SameFinding>& all) {
  const auto key = [](const Finding& f) {
    return std::tuple(std::string_view(f.rule()), std::string_view(f.kind()),
                      std::string_view(f.culprit().file()), f.culprit().line());
  };
  const auto before = std::count_if(all.begin(), all.end(), [&](const SameFinding& other) {
    return other.front()->signature() == finding.signature() &&
           other.front()->package() == finding.package() && key(*other.front()) < key(finding);
  });
  return before == 0 || finding.signature().empty() ? finding.signature()
                                                    : fmt::format("{}:{}", finding.signature(), before + 1);
}

class SarifWriter {
 public:
  SarifWriter(const Report& report, const std::string& source_root)
      : report_(report), source_root_(source_root) {}

  std::string Write() && {
    json_.BeginObject();
    json_.Member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_.Member("version", "2.1.0");
    json_.Key("runs");
    json_.BeginArray();
    WriteRun();
    json_.EndArray();
    json_.EndObject();
    return std::move(json_).Take();
  }

 private:
  void Text(std::string_view key, std::string_view text) {
    json_.Key(key);
    json_.BeginObject();
    json_.Member("text", text);
    json_.EndObject();
  }

  void WriteRun() {
    json_.BeginObject();
    json_.Key("tool");
    json_.BeginObject();
    json_.Key("driver");
    json_.BeginObject();
    json_.Member("name", "goleakstress");
    // GitHub refuses an empty one.
    if (!report_.tool_version().empty()) json_.Member("version", report_.tool_version());
    json_.Key("rules");
    json_.BeginArray();
    for (const Rule& rule : Rules()) WriteRule(rule);
    json_.EndArray();
    json_.EndObject();
    json_.EndObject();

    json_.Key("automationDetails");
    json_.BeginObject();
    json_.Member("id", fmt::format("goleakstress/{}/", report_.target()));
    json_.EndObject();
    WriteInvocation();
    json_.Member("columnKind", "utf16CodeUnits");
    json_.Key("results");
    json_.BeginArray();
    std::vector<SameFinding> findings = GroupFindings(report_);
    if (findings.size() > kMostResults) findings.resize(kMostResults);
    for (const SameFinding& same : findings) WriteResult(same, FingerprintOf(*same.front(), findings));
    json_.EndArray();
    json_.EndObject();
  }

  void WriteRule(const Rule& rule) {
    json_.BeginObject();
    json_.Member("id", rule.id);
    Text("shortDescription", rule.title);
    Text("fullDescription",
         fmt::format("{}: found by calling an entry again and again and watching what stays.", rule.title));
    Text("help", fmt::format("{}. Run the command of the result again to see it, with -v for whole stacks.",
                             rule.title));
    json_.Key("defaultConfiguration");
    json_.BeginObject();
    json_.Member("level", "error");
    json_.EndObject();
    json_.Key("properties");
    json_.BeginObject();
    json_.Key("tags");
    json_.BeginArray();
    json_.String("leak");
    json_.EndArray();
    json_.EndObject();
    json_.EndObject();
  }

  void WriteNotification(std::string_view level, const std::string& text) {
    json_.BeginObject();
    json_.Member("level", level);
    Text("message", ManyLines(text, 4096));
    json_.EndObject();
  }

  void WriteInvocation() {
    json_.Key("invocations");
    json_.BeginArray();
    json_.BeginObject();
    // Leaks are results of a run that went well.
    json_.Key("executionSuccessful");
    json_.Bool(report_.outcome() != "error" && !report_.interrupted());
    json_.Member("exitCode", int64_t{report_.exit_code()});
    if (!report_.started().empty()) json_.Member("startTimeUtc", report_.started());
    json_.Key("toolExecutionNotifications");
    json_.BeginArray();
    for (const Package& package : report_.packages()) {
      if (!package.error().empty())
        WriteNotification("error", package.import_path() + ": " + package.error());
    }
    for (const Crash& crash : report_.crashes()) {
      WriteNotification("warning", fmt::format("{} of {}: {}", crash.entry(), crash.package(), crash.what()));
    }
    for (const Probe& probe : report_.probes()) {
      if (!probe.live())
        WriteNotification("note", fmt::format("probe {} lost: {}", probe.name(), probe.lost()));
    }
    for (const std::string& notice : report_.notices()) {
      WriteNotification(report_.outcome() == "error" ? "error" : "note", notice);
    }
    json_.EndArray();
    json_.EndObject();
    json_.EndArray();
  }

  void WritePlace(const std::string& file, int line) {
    json_.Key("physicalLocation");
    json_.BeginObject();
    json_.Key("artifactLocation");
    json_.BeginObject();
    if (file.starts_with('/')) {
      json_.Member("uri", "file://" + UriPath(file));
    } else {
      json_.Member("uri", UriPath(file));
      json_.Member("uriBaseId", "%SRCROOT%");
    }
    json_.EndObject();
    if (line > 0) {
      json_.Key("region");
      json_.BeginObject();
      for (const char* key : {"startLine", "endLine"}) json_.Member(key, int64_t{line});
      json_.Member("startColumn", 1);
      json_.Member("endColumn", 2);
      json_.EndObject();
    }
    json_.EndObject();
  }

  void WriteLocation(const Finding& finding, const Frame& frame, std::string_view message) {
    json_.BeginObject();
    WritePlace(SourceFile(report_, finding, frame, source_root_), frame.line());
    if (!message.empty()) Text("message", OneLine(message));
    json_.EndObject();
  }

  void WritePlaceOf(const Finding& finding) {
    json_.Key("locations");
    json_.BeginArray();
    if (const Frame* frame = PlaceToShow(finding); frame != nullptr) {
      WriteLocation(finding, *frame, "");
    } else {
      // A result needs a place, and inventing a line would be worse than none.
      const auto at = std::find_if(report_.packages().begin(), report_.packages().end(),
                                   [&](const Package& p) { return p.import_path() == finding.package(); });
      const std::string dir = at == report_.packages().end() ? "." : SourceDir(*at, source_root_);
      json_.BeginObject();
      WritePlace(dir.empty() ? "." : dir, 0);
      json_.EndObject();
    }
    json_.EndArray();
  }

  // Who started the goroutine or called what acquired it: the user's own frames.
  void WriteRelated(const Finding& finding) {
    json_.Key("relatedLocations");
    json_.BeginArray();
    int id = 0;
    for (const auto* frames : {&finding.stack(), &finding.creator()}) {
      for (const Frame& frame : *frames) {
        if (!frame.user() || frame.file().empty() || id == kMostFrames) continue;
        json_.BeginObject();
        json_.Member("id", int64_t{++id});
        WritePlace(SourceFile(report_, finding, frame, source_root_), frame.line());
        Text("message", OneLine(fmt::format("{} {}", frames == &finding.stack() ? "in" : "started by",
                                            ShortFunction(frame.function()))));
        json_.EndObject();
      }
    }
    json_.EndArray();
  }

  void WriteResult(const SameFinding& same, const std::string& fingerprint) {
    const Finding& finding = *same.front();
    json_.BeginObject();
    json_.Member("ruleId", finding.rule());
    if (const Rule* rule = FindRule(finding.rule()); rule != nullptr) {
      json_.Member("ruleIndex", int64_t{rule - Rules().data()});
    }
    json_.Member("level", IsLeak(finding.verdict()) ? "error" : "warning");
    std::string message = SentenceOf(same) + ".";
    if (!finding.advice().empty()) message += fmt::format("\nFix: {}", OneLine(finding.advice(), 1000));
    if (!finding.reproduce().empty())
      message += fmt::format("\nAgain: {}", OneLine(finding.reproduce(), 4096));
    Text("message", message);
    WritePlaceOf(finding);
    WriteRelated(finding);
    json_.Key("partialFingerprints");
    json_.BeginObject();
    // Ours alone: primaryLocationLineHash is made by the upload, which warns about any other.
    if (!fingerprint.empty()) json_.Member("goleakstress/v1", fingerprint);
    json_.EndObject();
    json_.Key("properties");
    json_.BeginObject();
    json_.Member("id", finding.id());
    json_.Member("verdict", finding.verdict());
    json_.Member("class", finding.class_());
    json_.Key("rate_per_call");
    json_.Double(finding.rate_per_call());
    json_.Key("e_value");
    json_.Double(finding.evidence().e_value());
    json_.EndObject();
    json_.EndObject();
  }

  const Report& report_;
  const std::string& source_root_;
  JsonWriter json_;
};

}  // namespace

std::string SarifReport(const Report& report, const std::string& source_root) {
  return SarifWriter(report, source_root).Write();
}

}  // namespace goleakstress::report
