#include "harness/report/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <utility>

#include "harness/report/escape.h"
#include "harness/report/words.h"

namespace goleakstress::report {
namespace {

constexpr double kRewriteSeconds = 0.1;
constexpr double kLineSeconds = 10;

}  // namespace

std::string ProgressLine(const ProgressState& state) {
  std::string line = "goleakstress: " + Duration(state.elapsed);
  if (state.entries_total > 0) {
    line +=
        fmt::format("  {}/{}", std::min(state.entries_done + 1, state.entries_total), state.entries_total);
  }
  if (!state.entry.empty()) {
    line += fmt::format(" {} {}", OneLine(ShortFunction(state.package), 60), OneLine(state.entry, 100));
  }
  if (!state.stage.empty()) line += "  " + OneLine(state.stage, 200);
  if (state.calls > 0) {
    line += state.horizon > 0 ? fmt::format("  {}/{} calls", Thousands(state.calls), Thousands(state.horizon))
                              : "  " + Count(state.calls, "call");
  }
  if (state.snapshots > 0) line += "  " + Count(state.snapshots, "snapshot");
  if (state.goroutines > 0) line += "  " + Count(state.goroutines, "goroutine");
  if (state.heap_bytes > 0) line += "  heap " + Bytes(state.heap_bytes);
  return line;
}

Progress::Progress(std::function<void(std::string_view)> write, std::function<int()> width)
    : write_(std::move(write)), width_(std::move(width)) {}

void Progress::Update(const ProgressState& state) {
  std::string what = state.package + '\n' + state.entry + '\n' + state.stage;
  if (!width_) {
    // A build tells nothing while it goes on, and may take minutes.
    const bool begins_to_build = state.stage.starts_with("building ") && what != what_;
    if (state.elapsed < shown_at_ + kLineSeconds && !begins_to_build) return;
    what_ = std::move(what);
    shown_at_ = state.elapsed;
    write_(ProgressLine(state) + '\n');
    return;
  }
  if (what == what_ && state.elapsed < shown_at_ + kRewriteSeconds) return;
  what_ = std::move(what);
  shown_at_ = state.elapsed;
  // The last column stays empty: there a terminal would wrap, and a wrapped line cannot be rewritten.
  const std::string line = ProgressLine(state);
  const std::string_view fitting = FitColumns(line, static_cast<size_t>(std::max(1, width_() - 1)));
  const size_t columns = ColumnsOf(fitting);
  // Spaces wipe the rest of the line before: every terminal knows them.
  const size_t rest = shown_columns_ > columns ? shown_columns_ - columns : 0;
  write_(fmt::format("\r{}{}", fitting, std::string(rest, ' ')));
  shown_columns_ = columns;
}

void Progress::Clear() {
  if (shown_columns_ == 0) return;
  write_(fmt::format("\r{}\r", std::string(shown_columns_, ' ')));
  shown_columns_ = 0;
  what_.clear();
}

int TerminalWidth(int fd) {
  winsize size = {};
  return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace goleakstress::report
