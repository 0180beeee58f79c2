// Applies probes to the text of a standard library.
#ifndef HARNESS_BUILD_PATCH_H_
#define HARNESS_BUILD_PATCH_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/build/probe.h"

namespace goleakstress::build {

// Reads a file of the standard library, named relative to GOROOT/src. NotFound where there is none.
using SourceReader = std::function<absl::StatusOr<std::string>(const std::string& file)>;

// What became of one probe.
struct ProbeState {
  std::string name = {};
  bool live = false;
  bool required = false;
  std::string lost = {};  // what the report lacks without it; empty where it is live
  std::string why = {};   // why it is not live: the anchor and the file that missed, or who switched it off
};

struct PatchedFiles {
  std::map<std::string, std::string> files = {};  // relative to GOROOT/src -> whole new contents
  std::vector<ProbeState> probes = {};            // in the order of the table
};

// Which probes the user wants: an ordered list of "+name" and "-name"; "all" names every probe.
class ProbeSelection {
 public:
  // Parses "-clock,+fd". A name without a sign means "+". InvalidArgument for an unknown name, with the known
  // ones.
  static absl::StatusOr<ProbeSelection> Parse(std::string_view text, const std::vector<Probe>& probes);

  bool Wants(std::string_view name) const;

 private:
  std::vector<std::pair<bool, std::string>> rules_;
};

// Error: FailedPrecondition if the anchor does not match as often as it should; the message quotes the
// anchor.
absl::StatusOr<std::string> Substitute(const std::string& text, const Substitution& substitution);

// Applies the wanted probes in order, each on the result of the former ones; a probe whose anchors miss
// leaves no trace.
PatchedFiles ApplyProbes(const SourceReader& read, const std::vector<Probe>& probes, int go_minor,
                         std::string_view goarch, const ProbeSelection& selection);

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_PATCH_H_
