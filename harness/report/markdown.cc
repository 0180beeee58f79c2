#include "harness/report/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/report/entries.h"
#include "harness/report/escape.h"
#include "harness/report/groups.h"
#include "harness/report/rules.h"
#include "harness/report/text_finding.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr size_t kMostBytes = 900 << 10;
constexpr size_t kTableRows = 200;

size_t LongestRun(std::string_view text, char of) {
  size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == of ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// A code span of one line. The bar would end a table's cell even inside a span.
std::string Code(std::string_view text) {
  std::string line;
  for (const char c : OneLine(text, 500)) line += c == '|' ? std::string("\\|") : std::string(1, c);
  if (line.empty()) return {};
  const std::string fence(LongestRun(line, '`') + 1, '`');
  const std::string_view space = line.starts_with('`') || line.ends_with('`') ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, space, line);
}

std::string Block(std::string_view text) {
  const std::string fence(std::max<size_t>(3, LongestRun(text, '`') + 1), '`');
  return fmt::format("{0}text\n{1}{2}{0}\n", fence, text, text.ends_with('\n') ? "" : "\n");
}

std::string FindingBlock(const SameFinding& same) {
  TextLines lines(false);
  AppendFinding(&lines, same, false);
  // Inside <summary> Markdown is not read, and HTML is: nothing of the target may stand there.
  const Rule* rule = FindRule(same.front()->rule());
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n",
                     rule == nullptr ? "finding" : fmt::format("{} {}", rule->id, rule->title),
                     Block(std::move(lines).Take()));
}

std::string FindingTable(const std::vector<SameFinding>& findings) {
  if (findings.empty()) return {};
  std::string out = "| verdict | class | rate | where | seen in |\n| --- | --- | --- | --- | --- |\n";
  for (size_t i = 0; i < std::min(findings.size(), kTableRows); ++i) {
    const Finding& finding = *findings[i].front();
    out +=
        fmt::format("| {}{}{} | {} | {} | {} | {} |\n", IsLeak(finding.verdict()) ? "**" : "",
                    Code(finding.verdict()), IsLeak(finding.verdict()) ? "**" : "", Code(finding.class_()),
                    Code(RateText(finding)), Code(PlaceOf(finding.culprit())), Code(EntriesOf(findings[i])));
  }
  if (findings.size() > kTableRows) out += fmt::format("\nand {} more\n", findings.size() - kTableRows);
  return out + "\n";
}

std::string EntryList(const Report& report) {
  std::string out;
  for (const Entry& entry : report.entries()) {
    if (!NeedsMention(entry)) continue;
    out += fmt::format("- {} of {}: {}", Code(entry.name()), Code(entry.package()),
                       entry.verdict().empty() ? "not run" : Code(entry.verdict()));
    if (const std::string meaning = EntryMeaning(entry); !meaning.empty())
      out += fmt::format("; {}", meaning);
    if (HasTrouble(entry.outcomes())) out += fmt::format("; calls: {}", Trouble(entry.outcomes()));
    for (const std::string& note : entry.notes()) out += fmt::format("; {}", Code(note));
    out += '\n';
  }
  return out.empty() ? out : fmt::format("### Entries to look at\n\n{}\n", out);
}

std::string Rest(const Report& report) {
  std::string out;
  for (const Package& package : report.packages()) {
    if (package.error().empty()) continue;
    out += fmt::format("{} was not run:\n\n{}\n", Code(package.import_path()),
                       Block(ManyLines(package.error(), 16 << 10)));
  }
  for (const Crash& crash : report.crashes()) {
    out += fmt::format("- crash in {}: {}\n", Code(crash.entry()), Code(crash.what()));
  }
  for (const Probe& probe : report.probes()) {
    if (!probe.live()) out += fmt::format("- probe {} lost: {}\n", Code(probe.name()), Code(probe.lost()));
  }
  for (const std::string& notice : report.notices()) out += fmt::format("- {}\n", Code(notice));
  if (report.interrupted()) out += "- interrupted: this report is partial\n";
  return out.empty() ? out : out + "\n";
}

}  // namespace

std::string MarkdownReport(const Report& report) {
  const std::vector<SameFinding> findings = GroupFindings(report);
  const auto leaks = std::count_if(findings.begin(), findings.end(),
                                   [](const SameFinding& same) { return IsLeak(same.front()->verdict()); });
  std::string out = fmt::format("## goleakstress {}: {} in {}\n\n", Code(report.target()),
                                Count(leaks, "leak"), Count(report.entries_size(), "entry"));
  out += FindingTable(findings);
  std::string tail = EntryList(report);
  if (tail.size() > kMostBytes / 4) tail = fmt::format("{} entries to look at\n\n", report.entries_size());
  std::string rest = Rest(report);
  if (rest.size() > kMostBytes / 4) rest = "More is in the other reports.\n\n";
  tail +=
      rest + fmt::format("exit {}, outcome {}, {}, seed {}, {}\n", report.exit_code(), Code(report.outcome()),
                         Duration(report.seconds()), report.seed(), Code(report.go_version()));
  size_t left_out = 0;
  for (const SameFinding& same : findings) {
    const std::string block = FindingBlock(same);
    if (out.size() + block.size() + tail.size() + 100 > kMostBytes) {
      ++left_out;
    } else {
      out += block;
    }
  }
  if (left_out > 0)
    out +=
        fmt::format("{} left out here for their size.\n\n", Count(static_cast<int64_t>(left_out), "finding"));
  return out + tail;
}

}  // namespace goleakstress::report
