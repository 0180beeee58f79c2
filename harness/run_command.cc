#include "harness/run_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "harness/campaign/campaign.h"
#include "harness/campaign/fuzz_verbs.h"
#include "harness/report/escape.h"
#include "harness/report/progress.h"
#include "harness/report/text.h"
#include "harness/report/writer.h"
#include "harness/target/interrupt.h"

namespace goleakstress {
namespace {

ExitCode Fail(ExitCode code, const absl::Status& status) {
  fmt::print(stderr, "goleakstress: {}\n", report::OneLine(std::string(status.message()), 1000));
  return code;
}

// Shows on standard error what the campaign is at.
class ProgressView {
 public:
  ProgressView()
      : progress_([](std::string_view text) { fmt::print(stderr, "{}", text); },
                  isatty(STDERR_FILENO) != 0
                      ? std::function<int()>([] { return report::TerminalWidth(STDERR_FILENO); })
                      : std::function<int()>()) {}

  campaign::Observer Observer() {
    campaign::Observer observer;
    observer.on_stage = [this](const std::string& stage) {
      state_.stage = stage;
      Update();
    };
    observer.on_progress = [this](const report::Entry& entry, const campaign::EntryProgress& now) {
      state_.package = entry.package();
      state_.entry = entry.name();
      state_.stage = now.stage;
      state_.calls = now.calls;
      state_.horizon = now.horizon;
      state_.snapshots = now.snapshots;
      state_.goroutines = now.goroutines;
      state_.heap_bytes = now.heap_bytes;
      Update();
    };
    observer.on_plan = [this](size_t entries) { state_.entries_total = static_cast<int>(entries); };
    observer.on_entry = [this](const report::Entry&) { ++state_.entries_done; };
    return observer;
  }
  void Clear() { progress_.Clear(); }

 private:
  void Update() {
    state_.elapsed = std::chrono::duration<double>(campaign::Clock::now() - begin_).count();
    progress_.Update(state_);
  }

  report::Progress progress_;
  report::ProgressState state_;
  campaign::Clock::time_point begin_ = campaign::Clock::now();
};

void PrintEntries(const report::Report& report) {
  for (const report::Entry& entry : report.entries()) {
    fmt::print("{}\t{}\t{}\n", entry.package(), entry.kind(), entry.name());
  }
}

}  // namespace

ExitCode RunCommandLine(const Options& options) {
  auto destinations = report::ParseFormats(options.formats);
  if (!destinations.ok()) return Fail(ExitCode::kUsage, destinations.status());
  if (absl::Status status = report::CheckDestinations(*destinations); !status.ok()) {
    return Fail(ExitCode::kUsage, status);
  }
  report::TextOptions text;
  text.verbose = options.verbose;
  text.colour = report::WantColour(
      options.colour, [](const char* name) { return std::getenv(name); }, isatty(STDOUT_FILENO) != 0);
  ProgressView view;
  campaign::Observer observer = view.Observer();
  const auto files = report::Files(*destinations);
  if (!files.empty()) {
    observer.on_partial = [&](const report::Report& partial) {
      // The last report says what goes wrong with it.
      (void)report::WriteReports(files, partial, text, STDOUT_FILENO);
    };
  }
  const auto* interrupted = target::InterruptFlag();
  const auto command = options.list_corpus ? campaign::ListCorpora
                       : options.merge     ? campaign::MergeCorpora
                       : options.list      ? campaign::ListEntries
                                           : campaign::RunCampaign;
  const report::Report report = command(options, observer, interrupted);
  view.Clear();
  if (options.list && report.exit_code() == 0) {
    PrintEntries(report);
    return ExitCode::kClean;
  }
  if (absl::Status status = report::WriteReports(*destinations, report, text, STDOUT_FILENO); !status.ok()) {
    return Fail(ExitCode::kFailure, status);
  }
  return static_cast<ExitCode>(report.exit_code());
}

}  // namespace goleakstress
