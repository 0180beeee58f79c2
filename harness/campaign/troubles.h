// Calls that ended badly while inputs were explored, one of each kind.
#ifndef HARNESS_CAMPAIGN_TROUBLES_H_
#define HARNESS_CAMPAIGN_TROUBLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "harness/campaign/entry_run.h"
#include "harness/campaign/session.h"
#include "harness/campaign/spellings.h"
#include "harness/input/value.h"
#include "harness/proto/agent.pb.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

// Not thread-safe.
class Troubles {
 public:
  explicit Troubles(const EntryJob& job) : package_(job.package), entry_(job.program.entry) {}

  // The panics, exits and hangs of one run of calls.
  void AddNotes(const std::vector<input::Input>& inputs, const agent::RunDone& done,
                const std::vector<Hang>& hangs);
  // The call that took the process with it; `output` is what that printed last.
  void AddCrash(const input::Input& input, const absl::Status& status, const std::string& output);

  void Add(const Troubles& others);

  // In the order in which their kinds were met; at most 16. `members`: of a combined entry.
  std::vector<report::Crash> Crashes(const Members& members) const;

 private:
  struct Trouble {
    std::string what;
    std::string text;
    input::Input input;
  };
  void Add(std::string what, std::string text, const input::Input& input);

  std::string package_, entry_;
  std::vector<Trouble> troubles_ = {};
};

// Adds those of the crashes whose kind is not among `all` yet, until there are 16.
void AddCrashes(std::vector<report::Crash> more, std::vector<report::Crash>* all);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_TROUBLES_H_
