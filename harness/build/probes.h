// The table of probes: what is put into the Go target at build time, and what the report lacks where a probe
// is not live.
//
// Every patch is an anchored, counted substitution on the text of the user's own GOROOT (patch.h). The
// anchors hold for Go 1.23 to 1.27; `goleakstress doctor` prints which hold for the toolchain at hand. Glue
// that hands a hook to the agent comes with its probe, so that a probe which misses its anchor leaves nothing
// behind.
#ifndef HARNESS_BUILD_PROBES_H_
#define HARNESS_BUILD_PROBES_H_

#include <string>
#include <string_view>
#include <vector>

#include "harness/build/probe.h"

namespace goleakstress::build {

// Where the agent's Go files go: a package of its own on Go 1.25 and later; older go commands know no package
// that exists only in the overlay, there the files join testing/iotest.
struct AgentPlace {
  std::string import_path;   // goleakstress/agent
  std::string package_name;  // agent
};

AgentPlace AgentPlaceFor(int go_minor);

// All probes, in the order in which they are applied. Pure.
std::vector<Probe> AllProbes(const AgentPlace& place);

// The glue of a probe that has no hook to hand to the agent: it makes itself known.
Addition LiveGlue(std::string_view probe);

// The rows of the table, one function a part of the standard library.
Probe ClockProbe();  // one of RuntimeProbes
std::vector<Probe> RuntimeProbes();
std::vector<Probe> StackProbes();
std::vector<Probe> ScheduleProbes();
std::vector<Probe> LockProbes();
std::vector<Probe> HeapProbes();
std::vector<Probe> HeapProfileProbes();
std::vector<Probe> TestingProbes();
std::vector<Probe> ResourceProbes();
std::vector<Probe> CgoProbes();
std::vector<Probe> HttpProbes();
std::vector<Probe> LibraryProbes();

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_PROBES_H_
