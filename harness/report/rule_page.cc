#include "harness/report/rule_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <span>

#include "absl/status/status.h"
#include "harness/build/embedded_file.h"
#include "harness/report/rules.h"

namespace goleakstress::report {

// examples/bad and examples/good, one file a rule; a test compiles them.
std::span<const build::EmbeddedFile> BadExamples();
std::span<const build::EmbeddedFile> GoodExamples();

namespace {

struct About {
  std::string_view id;
  std::string_view text;
};
constexpr About kAbout[] = {
    {"GLS001",
     "A goroutine waits for something that never comes: a channel that nobody uses any more, a lock that "
     "nobody gives back, a WaitGroup that never gets to zero. It stays until the process ends, with its "
     "stack and everything that stack refers to."},
    {"GLS002",
     "A goroutine works on, or wakes again and again, long after the call that started it is over, because "
     "nothing tells it to stop."},
    {"GLS003",
     "A container gains an entry for every input that was not seen before and never loses one. Nothing shows "
     "while a test repeats its inputs; in production there is always a new key."},
    {"GLS004",
     "Every call leaves memory behind that something long-lived still refers to: a slice that is only "
     "appended to, a list of listeners, a map that is never cleaned."},
    {"GLS005",
     "The body of an HTTP response is neither closed nor read to its end. Its connection is never used "
     "again, and two goroutines wait for the rest of the body."},
    {"GLS006",
     "A file, socket or other descriptor stays open for as long as something refers to it. A process may "
     "have only so many; then every open and every connection fails."},
    {"GLS007",
     "Nothing closes it but the garbage collector, when it finds that nobody refers to it any more. That "
     "bounds the growth, so it is no leak without end, but under load the limit on descriptors may come "
     "before the next collection. `-gc-only warn` reports it without failing the run."},
    {"GLS008",
     "It grows whether calls are made or not: a ticker, a poll or a background loop adds something on every "
     "round."},
    {"GLS009",
     "A call does not come back, although 26 hours pass on its clock and nothing of the world outside is "
     "waited for."},
    {"GLS010",
     "Threads of the operating system become more: goroutines that took one for themselves, system calls and "
     "calls of C that never return. Each has a stack outside the Go heap."},
    {"GLS011",
     "Rows, statements, transactions, connections and databases of database/sql have to be closed. Rows, "
     "transactions and connections keep a connection of the pool; without SetMaxOpenConns ever new ones are "
     "opened, with it the next query waits for ever."},
    {"GLS012",
     "A child process that has ended stays in the table of processes until its parent waits for it."},
    {"GLS013",
     "A timer that will call a function keeps that function, and all it refers to, until it fires or is "
     "stopped. A ticker that a goroutine waits for keeps the goroutine. (Since Go 1.23 timers and tickers "
     "that nobody can reach are collected.)"},
    {"GLS014",
     "Memory grows that the Go heap profile does not show: mapped files, memory of C. The garbage collector "
     "never frees it."},
    {"GLS015",
     "A context that is derived from one that can be cancelled is registered with it until it is cancelled "
     "itself. The cancel function is never called, the parent lives on, and keeps it."},
    {"GLS016",
     "Every call makes a transport of its own. It keeps its connection for the next request, which never "
     "comes; without an IdleConnTimeout the connection and its goroutines stay for ever."},
};

constexpr size_t kWidth = 78;

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string Wrapped(std::string_view text) {
  std::string out;
  size_t column = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (column > 0 && column + 1 + word.size() > kWidth) {
      out += '\n';
      column = 0;
    }
    if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out + '\n';
}

// The code below the imports, indented.
std::string Example(std::span<const build::EmbeddedFile> files, const std::string& name) {
  const auto file =
      std::find_if(files.begin(), files.end(), [&name](const auto& f) { return f.name == name; });
  if (file == files.end()) return {};
  std::string_view code = file->contents;
  code.remove_prefix(std::min(code.find("\n\n"), code.size()));
  if (code.starts_with("\n\nimport")) code.remove_prefix(std::min(code.find("\n\n", 2), code.size()));
  code.remove_prefix(std::min(code.find_first_not_of('\n'), code.size()));
  std::string out;
  while (!code.empty()) {
    const std::string_view line = code.substr(0, code.find('\n'));
    code.remove_prefix(std::min(line.size() + 1, code.size()));
    if (!line.empty()) out += "    ";
    for (const char c : line) out += c == '\t' ? "    " : std::string(1, c);
    out += '\n';
  }
  return out;
}

}  // namespace

std::string RuleList() {
  std::string list;
  for (const Rule& rule : Rules()) list += fmt::format("{}  {}\n", rule.id, rule.title);
  return list;
}

absl::StatusOr<std::string> RulePage(std::string_view id) {
  const std::string name = Lower(id.substr(0, id.find('-')));
  const auto* about = std::find_if(std::begin(kAbout), std::end(kAbout),
                                   [&name](const About& row) { return Lower(row.id) == name; });
  if (about == std::end(kAbout)) {
    return absl::NotFoundError(fmt::format("there is no rule {:.40}; `goleakstress explain` lists them", id));
  }
  return fmt::format("{}  {}\n\n{}\nleaks:\n\n{}\nrepaired:\n\n{}", about->id, FindRule(about->id)->title,
                     Wrapped(about->text), Example(BadExamples(), name + ".go"),
                     Example(GoodExamples(), name + ".go"));
}

}  // namespace goleakstress::report
