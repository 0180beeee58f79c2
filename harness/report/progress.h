// Progress of a campaign on standard error: one rewritten line on a terminal, a line now and then elsewhere.
#ifndef HARNESS_REPORT_PROGRESS_H_
#define HARNESS_REPORT_PROGRESS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace goleakstress::report {

struct ProgressState {
  std::string package = {}, entry = {};  // empty: not at an entry yet
  std::string stage = {};                // "building example.com/app", "confirm"
  int64_t calls = 0;
  int64_t horizon = 0;  // calls to go for; 0: not known yet
  int snapshots = 0;
  int64_t goroutines = 0;  // 0: not read yet
  double heap_bytes = 0;
  int entries_done = 0, entries_total = 0;
  double elapsed = 0;  // seconds since the campaign began: the only clock there is
};

// "goleakstress: 1m30s  1/6 fetch FuzzFetch  confirm  4,512/8,900 calls  21 snapshots  41 goroutines  heap
// 12.1 MiB". Escaped; no line feed.
std::string ProgressLine(const ProgressState& state);

// Not thread-safe.
class Progress {
 public:
  // `write` puts text on standard error. `width` gives the columns of the terminal there; where it is empty
  // there is no terminal, and neither carriage returns nor partial lines are written.
  Progress(std::function<void(std::string_view)> write, std::function<int()> width);

  // To be called as often as there is news: on a terminal the line is rewritten at most ten times a second
  // and at once when the stage or the entry changes, elsewhere a line comes at most every ten seconds.
  void Update(const ProgressState& state);
  // Leaves an empty line on a terminal: before anything else is written there.
  void Clear();

 private:
  std::function<void(std::string_view)> write_;
  std::function<int()> width_;
  std::string what_;          // stage and entry last shown
  double shown_at_ = 0;       // elapsed
  size_t shown_columns_ = 0;  // of the line on the terminal
};

// Columns of the terminal behind the descriptor; 80 where it does not say.
int TerminalWidth(int fd);

}  // namespace goleakstress::report

#endif  // HARNESS_REPORT_PROGRESS_H_
