#include "collectors/process_stats.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "collectors/proc_file.h"
#include "fmt/format.h"

namespace goleakstress::collectors {
namespace {

int64_t Number(std::string_view text, int base = 10) { return static_cast<int64_t>(ProcNumber(text, base)); }

// The fields of /proc/PID/stat from the third on, which is fields[0]. The second is the program's name in
// parentheses and may itself hold spaces and parentheses. See proc_pid_stat(5).
absl::StatusOr<std::vector<std::string>> StatFields(const std::string& process) {
  const std::string path = process + "/stat";
  const absl::StatusOr<std::string> text = ReadProcFile(path, 64 << 10);
  if (!text.ok()) return text.status();
  const size_t name_end = text->rfind(')');
  if (name_end == std::string::npos)
    return absl::InternalError(fmt::format("reading {}: no name in it", path));
  std::string_view rest = *text;
  rest.remove_prefix(name_end + 1);
  while (rest.ends_with('\n')) rest.remove_suffix(1);
  std::vector<std::string> fields;
  for (std::string_view word = NextWord(&rest); !word.empty(); word = NextWord(&rest))
    fields.emplace_back(word);
  constexpr size_t kRss = 24 - 3;
  if (fields.size() <= kRss) return absl::InternalError(fmt::format("reading {}: too few fields", path));
  return fields;
}

absl::Status AddStat(const std::string& process, ProcessStats* stats) {
  const absl::StatusOr<std::vector<std::string>> fields = StatFields(process);
  if (!fields.ok()) return fields.status();
  const auto field = [&](size_t number) { return Number((*fields)[number - 3]); };
  const int64_t tick_ns = 1'000'000'000 / sysconf(_SC_CLK_TCK);
  stats->state = (*fields)[0][0];
  stats->user_ns = field(14) * tick_ns;
  stats->system_ns = field(15) * tick_ns;
  stats->threads = field(20);
  stats->vm_bytes = field(23);
  stats->rss_bytes = field(24) * sysconf(_SC_PAGESIZE);
  return absl::OkStatus();
}

// Calls `visit` with the directory of each thread.
template <typename Visit>
void ForEachThread(const std::string& process, const Visit& visit) {
  const std::string path = process + "/task";
  DIR* const threads = opendir(path.c_str());
  if (threads == nullptr) return;
  absl::Cleanup close_threads = [threads] { closedir(threads); };
  while (const dirent* thread = readdir(threads)) {
    if (thread->d_name[0] != '.') visit(fmt::format("{}/{}", path, thread->d_name));
  }
}

// A child belongs to the thread that forked it, and Go forks from any.
void AddChildren(const std::string& process, const std::string& proc_root, ProcessStats* stats) {
  ForEachThread(process, [&](const std::string& thread) {
    const absl::StatusOr<std::string> text = ReadProcFile(thread + "/children");
    if (!text.ok()) return;
    std::string_view rest = *text;
    for (std::string_view child = NextWord(&rest); !child.empty(); child = NextWord(&rest)) {
      const absl::StatusOr<std::vector<std::string>> fields =
          StatFields(fmt::format("{}/{}", proc_root, child));
      if (!fields.ok()) continue;
      ++stats->children;
      if (fields->front() == "Z") ++stats->zombies;
    }
  });
}

// "Max open files            20000                20000                files"
void AddLimit(const std::string& process, ProcessStats* stats) {
  const absl::StatusOr<std::string> text = ReadProcFile(process + "/limits", 64 << 10);
  if (!text.ok()) return;
  ForEachLine(*text, [stats](std::string_view line) {
    constexpr std::string_view kName = "Max open files";
    if (!line.starts_with(kName)) return;
    line.remove_prefix(kName.size());
    const std::string_view soft = NextWord(&line);
    if (soft != "unlimited") stats->open_file_limit = Number(soft);
  });
}

void AddPss(const std::string& process, ProcessStats* stats) {
  const absl::StatusOr<std::string> text = ReadProcFile(process + "/smaps_rollup", 64 << 10);
  if (!text.ok()) return;
  ForEachLine(*text, [stats](std::string_view line) {
    if (NextWord(&line) == "Pss:") stats->pss_bytes = Number(NextWord(&line)) << 10;
  });
}

// "7f95da68000-7f95de00000 rw-p 00000000 00:00 0      [anon: Go: heap]"
void AddMapping(std::string_view line, MappedBytes* mapped) {
  const std::string_view range = NextWord(&line);
  const std::string_view rights = NextWord(&line);
  const size_t dash = range.find('-');
  if (dash == std::string_view::npos || rights.starts_with("---")) return;
  const int64_t bytes = Number(range.substr(dash + 1), 16) - Number(range.substr(0, dash), 16);
  NextWord(&line);
  NextWord(&line);
  const std::string_view inode = NextWord(&line);
  std::string_view name = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  if (inode != "0") {
    mapped->file += bytes;
  } else if (name.empty()) {
    mapped->anonymous += bytes;
  } else if (name.starts_with("[anon: Go: ")) {
    mapped->go_named += bytes;
  } else if (name == "[heap]") {
    mapped->brk += bytes;
  } else {
    mapped->other += bytes;
  }
}

void AddMapped(const std::string& process, ProcessStats* stats) {
  const absl::StatusOr<std::string> text = ReadProcFile(process + "/maps");
  if (!text.ok()) return;
  stats->mapped.emplace();
  ForEachLine(*text, [stats](std::string_view line) { AddMapping(line, &*stats->mapped); });
}

}  // namespace

absl::StatusOr<ProcessStats> ReadProcessStats(pid_t pid, const ProcessStatsOptions& options) {
  const std::string process = fmt::format("{}/{}", options.proc_root, pid);
  ProcessStats stats;
  if (absl::Status status = AddStat(process, &stats); !status.ok()) return status;
  AddChildren(process, options.proc_root, &stats);
  AddLimit(process, &stats);
  if (options.pss) AddPss(process, &stats);
  if (options.mapped) AddMapped(process, &stats);
  return stats;
}

absl::StatusOr<int64_t> ReadWantedProcessorTime(pid_t pid, const std::string& proc_root) {
  const std::string process = fmt::format("{}/{}", proc_root, pid);
  int64_t wanted = 0;
  bool known = false;
  ForEachThread(process, [&](const std::string& thread) {
    const absl::StatusOr<std::string> text = ReadProcFile(thread + "/schedstat");
    if (!text.ok()) return;
    known = true;
    std::string_view rest = *text;
    wanted += Number(NextWord(&rest));  // has run...
    wanted += Number(NextWord(&rest));  // ...and waited
  });
  if (known) return wanted;
  ProcessStats stats;
  if (absl::Status status = AddStat(process, &stats); !status.ok()) return status;
  return stats.user_ns + stats.system_ns;
}

}  // namespace goleakstress::collectors
