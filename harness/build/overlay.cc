#include "harness/build/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/build/files.h"
#include "harness/input/sha256.h"

namespace goleakstress::build {
namespace {

// Part of every fingerprint: raise it when the layout of the cache or the way of building changes.
constexpr char kLayout[] = "goleakstress overlay 1";

constexpr char kAgentPackageClause[] = "package agent\n";

// Among the files of the standard library package that it may have to join, the agent's must not be taken for
// one of them.
std::string AgentFile(const AgentPlace& place, std::string_view name) {
  return fmt::format("{}/goleakstress_{}", place.import_path, name);
}

std::string InPackage(std::string_view contents, const std::string& package) {
  const std::string clause = kAgentPackageClause;
  size_t at = contents.starts_with(clause) ? 0 : contents.find("\n" + clause);
  if (at == std::string_view::npos) return std::string(contents);
  if (contents[at] == '\n') ++at;
  return fmt::format("{}package {}\n{}", contents.substr(0, at), package,
                     contents.substr(at + clause.size()));
}

bool IsLive(const Overlay& overlay, std::string_view probe) {
  return std::ranges::any_of(overlay.probes,
                             [probe](const ProbeState& p) { return p.live && p.name == probe; });
}

// Written once: the name says what is in it.
absl::StatusOr<std::string> WriteByContents(const std::string& dir, const std::string& contents,
                                            std::string_view suffix) {
  std::string path = fmt::format("{}/{}{}", dir, input::Sha256Hex(contents).substr(0, 24), suffix);
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) return path;
  if (auto written = WriteFileWhole(path, contents); !written.ok()) return written;
  return path;
}

std::string Fingerprint(const GoTool& tool, const std::map<std::string, std::string>& files) {
  std::string all = fmt::format("{}\n{}\n{}\n{}\n", kLayout, tool.goroot, tool.version, tool.goarch);
  for (const auto& [file, contents] : files) all += fmt::format("{} {}\n", file, input::Sha256Hex(contents));
  return input::Sha256Hex(all).substr(0, 24);
}

}  // namespace

PatchedFiles OverlayContents(const SourceReader& read, const std::vector<Probe>& probes,
                             const AgentPlace& place, std::span<const EmbeddedFile> agent_files, int go_minor,
                             std::string_view goarch, const ProbeSelection& selection) {
  PatchedFiles result = ApplyProbes(read, probes, go_minor, goarch, selection);
  for (const EmbeddedFile& file : agent_files) {
    result.files[AgentFile(place, file.name)] = InPackage(file.contents, place.package_name);
  }
  // Every generated test main imports testdeps: so the agent is in every test binary, whatever probes are
  // live.
  result.files[std::string("testing/internal/testdeps/") + kMainFile] =
      fmt::format("package testdeps\n\nimport _ \"{}\"\n", place.import_path);
  return result;
}

absl::StatusOr<Overlay> WriteOverlay(const Cache& cache, const GoTool& tool,
                                     const ProbeSelection& selection) {
  Overlay overlay;
  overlay.agent = AgentPlaceFor(tool.minor);
  const std::string src = tool.goroot + "/src/";
  const SourceReader read = [&src](const std::string& file) { return ReadFile(src + file); };
  PatchedFiles patched = OverlayContents(read, AllProbes(overlay.agent), overlay.agent, AgentSources(),
                                         tool.minor, tool.goarch, selection);
  overlay.probes = std::move(patched.probes);
  for (const ProbeState& probe : overlay.probes) {
    if (probe.required && !probe.live) {
      return absl::FailedPreconditionError(
          fmt::format("probe {} cannot be put into {}: {}", probe.name, tool.version, probe.why));
    }
  }
  overlay.hooks = src + "internal/fuzz/trace.go";
  overlay.fingerprint = Fingerprint(tool, patched.files);
  auto dir = cache.Entry("overlay", overlay.fingerprint);
  if (!dir.ok()) return dir.status();
  overlay.dir = *std::move(dir);
  for (const auto& [file, contents] : patched.files) {
    auto path = WriteByContents(overlay.dir, contents, std::filesystem::path(file).extension().string());
    if (!path.ok()) return path.status();
    overlay.replace.emplace(src + file, *std::move(path));
  }
  return overlay;
}

namespace {

absl::StatusOr<std::string> WriteJson(const Overlay& overlay, boost::json::object replace) {
  for (const auto& [file, path] : overlay.replace) replace[file] = path;
  return WriteByContents(
      overlay.dir, boost::json::serialize(boost::json::object{{"Replace", std::move(replace)}}), ".json");
}

}  // namespace

absl::StatusOr<std::string> WriteCoverageOverlayJson(const Overlay& overlay) {
  auto path = WriteByContents(overlay.dir, "package fuzz\n", ".go");
  if (!path.ok()) return path.status();
  return WriteJson(overlay, {{overlay.hooks, *path}});
}

absl::StatusOr<std::string> WriteOverlayJson(const Overlay& overlay, const std::string& main_dir) {
  boost::json::object replace;
  if (!main_dir.empty()) {
    const std::string take = IsLive(overlay, "main")
                                 ? fmt::format("import agent \"{}\"\n\nfunc init() {{ agent.TakeMain() }}\n",
                                               overlay.agent.import_path)
                                 : fmt::format("import _ \"{}\"\n", overlay.agent.import_path);
    auto path = WriteByContents(overlay.dir, "package main\n\n" + take, ".go");
    if (!path.ok()) return path.status();
    replace[main_dir + "/" + kMainFile] = *path;
  }
  return WriteJson(overlay, std::move(replace));
}

}  // namespace goleakstress::build
