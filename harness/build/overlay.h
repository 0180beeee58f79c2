// What is laid over the standard library and the target while they are compiled: the probes and the agent.
//
// `go build -overlay=o.json` reads other files in the place of those that o.json names; nothing on disk is
// changed.
#ifndef HARNESS_BUILD_OVERLAY_H_
#define HARNESS_BUILD_OVERLAY_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "harness/build/cache.h"
#include "harness/build/embedded_file.h"
#include "harness/build/go_tool.h"
#include "harness/build/patch.h"
#include "harness/build/probes.h"

namespace goleakstress::build {

struct Overlay {
  std::string dir = {};                             // holds its files and every o.json
  std::map<std::string, std::string> replace = {};  // file as go names it -> file below `dir`
  std::vector<ProbeState> probes = {};
  AgentPlace agent = {};
  std::string hooks = {};  // the file of GOROOT, as go names it, that defines the functions for comparisons
  std::string fingerprint = {};  // of all contents, the toolchain and this program's version: equal ones are
                                 // interchangeable
};

// The files to be put over GOROOT/src: patched ones and the agent's. Pure but for `read`.
PatchedFiles OverlayContents(const SourceReader& read, const std::vector<Probe>& probes,
                             const AgentPlace& place, std::span<const EmbeddedFile> agent_files, int go_minor,
                             std::string_view goarch, const ProbeSelection& selection);

// Writes the overlay for a mirrored toolchain into the cache. Error: FailedPrecondition if a required probe
// is not live, with the anchor that missed; what the file system says, with the path.
absl::StatusOr<Overlay> WriteOverlay(const Cache& cache, const GoTool& tool, const ProbeSelection& selection);

// Writes o.json for test binaries, or for the main package in `main_dir` if that is not empty: it gets one
// more file, which hands its main to the agent. Returns the path of o.json.
absl::StatusOr<std::string> WriteOverlayJson(const Overlay& overlay, const std::string& main_dir);

// The same for test binaries built with CoverageFlags: the functions that package internal/fuzz has for
// compiled-in comparisons, all empty, make way for the agent's.
absl::StatusOr<std::string> WriteCoverageOverlayJson(const Overlay& overlay);

// The name of the file that is added to a package main.
inline constexpr char kMainFile[] = "zz_goleakstress.go";

}  // namespace goleakstress::build

#endif  // HARNESS_BUILD_OVERLAY_H_
