#include "harness/campaign/prepare.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <regex>
#include <set>
#include <utility>

#include "absl/status/statusor.h"
#include "harness/build/go_tool.h"
#include "harness/build/goroot_mirror.h"
#include "harness/build/probes.h"
#include "harness/build/workspace.h"
#include "harness/target/agent_client.h"
#include "harness/target/command.h"
#include "harness/target/environment.h"

namespace goleakstress::campaign {
namespace {

using std::chrono::duration;
using std::chrono::seconds;

constexpr std::chrono::minutes kBuildLimit{30};
constexpr seconds kListLimit{60};
constexpr int kMostEntries = 10000;  // of one binary
constexpr size_t kMostCombined = 8, kLongestName = 200;

build::Runner GoRunner(const std::atomic<bool>* interrupted) {
  return [interrupted](const build::CommandSpec& spec) -> absl::StatusOr<build::CommandResult> {
    target::Spec command;
    command.program = spec.program;
    command.args = spec.args;
    command.env = spec.env;
    command.working_dir = spec.dir;
    auto result = target::RunCommand(std::move(command), kBuildLimit, interrupted);
    if (!result.ok()) return result.status();
    if (result->outcome.exit_code < 0)
      return absl::UnknownError(fmt::format("go {}", result->outcome.Words()));
    return build::CommandResult{result->outcome.exit_code, std::move(result->out), std::move(result->err)};
  };
}

// A toolchain with its overlay, for the packages of one group of patterns.
struct Toolchain {
  build::GoTool tool;  // from the mirror
  std::string goroot;  // the original
  build::Overlay overlay;
};

std::vector<std::string> BuildFlags(const Options& options) {
  std::vector<std::string> flags;
  if (options.race) flags.push_back("-race");
  const std::pair<const char*, const std::string&> valued[] = {{"-tags", options.tags},
                                                               {"-mod", options.mod},
                                                               {"-modfile", options.modfile},
                                                               {"-ldflags", options.ldflags},
                                                               {"-gcflags", options.gcflags}};
  for (const auto& [name, value] : valued) {
    if (!value.empty()) flags.push_back(fmt::format("{}={}", name, value));
  }
  return flags;
}

absl::StatusOr<Toolchain> SetUpToolchain(const Options& options, Workplace& place, const std::string& dir) {
  auto tool = build::FindGo(place.run_go, target::CurrentEnvironment(), dir);
  if (!tool.ok()) return tool.status();
  auto mirror = build::MirrorGoroot(*place.cache, tool->goroot, tool->version);
  if (!mirror.ok()) return mirror.status();
  Toolchain chain;
  chain.goroot = tool->goroot;
  auto copied = build::WithWorkspaceCopy(place.run_go, *place.cache, build::FromMirror(*tool, *mirror), dir,
                                         BuildFlags(options));
  if (!copied.ok()) return copied.status();
  chain.tool = *std::move(copied);
  auto selection =
      build::ProbeSelection::Parse(options.probes, build::AllProbes(build::AgentPlaceFor(tool->minor)));
  if (!selection.ok()) return selection.status();
  auto overlay = build::WriteOverlay(*place.cache, chain.tool, *selection);
  if (!overlay.ok()) return overlay.status();
  chain.overlay = *std::move(overlay);
  return chain;
}

void ReportProbes(const Toolchain& chain, report::Report* report) {
  report->set_go_version(chain.tool.version);
  if (report->probes_size() > 0) return;
  for (const build::ProbeState& state : chain.overlay.probes) {
    report::Probe* probe = report->add_probes();
    probe->set_name(state.name);
    probe->set_live(state.live);
    if (!state.live)
      probe->set_lost(state.why.empty() ? state.lost : fmt::format("{} ({})", state.lost, state.why));
  }
}

// Asks a binary what it holds.
absl::StatusOr<std::vector<agent::EntryInfo>> AskForEntries(const std::string& binary, const std::string& dir,
                                                            const std::string& temp_dir,
                                                            const std::atomic<bool>* interrupted) {
  target::Spec spec;
  spec.program = binary;
  spec.working_dir = dir;
  spec.env = target::CurrentEnvironment();
  target::SetVariable(spec.env, "GOLEAKSTRESS_FD", "3");
  target::SetVariable(spec.env, "GOLEAKSTRESS_LIST", "1");
  target::SetVariable(spec.env, "TMPDIR", temp_dir);
  target::SetVariable(spec.env, "PWD", dir);
  auto client = target::AgentClient::Start(std::move(spec), interrupted);
  if (!client.ok()) return client.status();
  if (auto hello = client->WaitHello(kListLimit); !hello.ok()) return hello.status();
  auto entries = client->WaitEntries(kListLimit);
  if (!entries.ok()) return entries.status();
  if (entries->entries_size() > kMostEntries)
    return absl::ResourceExhaustedError("more than 10,000 entries in one package");
  return std::vector<agent::EntryInfo>(entries->entries().begin(), entries->entries().end());
}

// `./sub/dir` where the package lies below the user's directory, else its import path.
std::string PatternFor(const std::string& cwd, const build::Package& package) {
  std::error_code ignored;
  const std::string relative = std::filesystem::relative(package.dir, cwd, ignored).string();
  if (ignored || relative.empty() || relative.starts_with("..")) return package.import_path;
  return relative == "." ? "." : "./" + relative;
}

// The fuzz targets of a package as one entry, or empty: where there is nothing to combine, or so much that
// calls in the right order are too rare to be met. Directories bear the name.
std::string CombinedName(const std::vector<agent::EntryInfo>& infos) {
  std::string name;
  size_t members = 0;
  for (const agent::EntryInfo& info : infos) {
    if (info.kind() != agent::ENTRY_FUZZ) continue;
    name += (members++ == 0 ? "" : "+") + info.name();
  }
  return members >= 2 && members <= kMostCombined && name.size() <= kLongestName ? name : "";
}

// With the combined one, if there is one, behind the last fuzz target.
std::vector<agent::EntryInfo> WithCombined(std::vector<agent::EntryInfo> infos) {
  agent::EntryInfo combined;
  combined.set_kind(agent::ENTRY_FUZZ);
  combined.set_name(CombinedName(infos));
  if (combined.name().empty()) return infos;
  const auto last = std::find_if(infos.rbegin(), infos.rend(),
                                 [](const auto& info) { return info.kind() == agent::ENTRY_FUZZ; });
  infos.insert(last.base(), std::move(combined));
  return infos;
}

class Planner {
 public:
  Planner(const Options& options, Workplace& place, const StageSink& on_stage, report::Report* report)
      : options_(options), place_(place), on_stage_(on_stage), report_(report) {}

  absl::StatusOr<std::vector<PlannedEntry>> Plan() {
    auto wanted = FilterOf(options_);
    if (!wanted.ok()) return wanted.status();
    wanted_ = *std::move(wanted);
    auto groups = build::GroupPatterns(place_.cwd, options_.packages);
    if (!groups.ok()) return groups.status();
    for (const build::PatternGroup& group : *groups) {
      if (absl::Status status = PlanGroup(group); !status.ok()) return status;
    }
    return std::move(entries_);
  }

 private:
  absl::Status PlanGroup(const build::PatternGroup& group) {
    on_stage_("finding packages");
    auto chain = SetUpToolchain(options_, place_, group.dir);
    if (!chain.ok()) return chain.status();
    ReportProbes(*chain, report_);
    const std::vector<std::string> flags = BuildFlags(options_);
    auto packages = build::ListPackages(place_.run_go, chain->tool, group, flags, place_.cwd);
    if (!packages.ok()) return packages.status();
    for (const build::Package& package : *packages) {
      report::Package* out = report_->add_packages();
      out->set_import_path(package.import_path);
      out->set_dir(package.dir);
      if (!package.error.empty()) {
        out->set_error(package.error);
        continue;
      }
      if (package.has_tests) BuildOne(*chain, group, package, build::BinaryKind::kTest, flags, out);
      if (package.is_main) BuildOne(*chain, group, package, build::BinaryKind::kMain, flags, out);
      if (place_.interrupted != nullptr && place_.interrupted->load())
        return absl::CancelledError("interrupted");
    }
    return absl::OkStatus();
  }

  void BuildOne(const Toolchain& chain, const build::PatternGroup& group, const build::Package& package,
                build::BinaryKind kind, const std::vector<std::string>& flags, report::Package* out) {
    on_stage_(fmt::format("building {}", package.import_path));
    build::BuildRequest request;
    request.package = package;
    request.kind = kind;
    request.go_dir = group.dir;
    request.flags = flags;
    request.work_dir = place_.work_dir->build_dir();
    request.user_dir = place_.cwd;
    auto binary = build::Build(place_.run_go, *place_.cache, chain.tool, chain.overlay, request);
    if (!binary.ok()) {
      out->set_error(std::string(binary.status().message()));
      return;
    }
    out->set_build_seconds(out->build_seconds() + duration<double>(binary->took).count());
    out->set_cached(binary->cached);
    auto temp_dir = place_.work_dir->NewTargetDir();
    if (!temp_dir.ok()) {
      out->set_error(std::string(temp_dir.status().message()));
      return;
    }
    auto infos = AskForEntries(binary->path, package.dir, *temp_dir, place_.interrupted);
    if (!infos.ok()) {
      out->set_error(fmt::format("listing its entries: {}", std::string(infos.status().message())));
      return;
    }
    request.coverage = true;
    const auto build_explorer = ExplorerBuild(chain, request);
    const std::string combined = CombinedName(*infos);
    for (const agent::EntryInfo& info : WithCombined(*std::move(infos))) {
      if (!wanted_(info.name())) continue;
      PlannedEntry entry;
      entry.package = package.import_path;
      entry.package_dir = package.dir;
      entry.module_dir = package.module_dir.empty() ? package.dir : package.module_dir;
      entry.binary = binary->path;
      if (info.kind() == agent::ENTRY_FUZZ) entry.build_explorer = build_explorer;
      entry.pattern = PatternFor(place_.cwd, package);
      entry.kind = info.kind();
      entry.name = info.name();
      entry.goroots = {chain.tool.goroot, chain.goroot};
      entry.agent_package = chain.overlay.agent.import_path;
      entry.combined = info.name() == combined;
      entries_.push_back(std::move(entry));
    }
  }

  // Copies what it needs, but for the workplace, which outlives the entries.
  std::function<absl::StatusOr<std::string>()> ExplorerBuild(const Toolchain& chain,
                                                             const build::BuildRequest& request) {
    auto answer = std::make_shared<std::optional<absl::StatusOr<std::string>>>();
    return [&place = place_, tool = chain.tool, overlay = chain.overlay, request, answer] {
      if (!answer->has_value()) {
        auto binary = build::Build(place.run_go, *place.cache, tool, overlay, request);
        if (binary.ok()) {
          *answer = binary->path;
        } else {
          *answer = binary.status();
        }
      }
      return **answer;
    };
  }

  const Options& options_;
  Workplace& place_;
  const StageSink& on_stage_;
  report::Report* report_;
  EntryFilter wanted_;
  std::vector<PlannedEntry> entries_;
};

}  // namespace

std::string_view KindName(agent::EntryKind kind) {
  switch (kind) {
    case agent::ENTRY_FUZZ:
      return "fuzz";
    case agent::ENTRY_TEST:
      return "test";
    case agent::ENTRY_EXAMPLE:
      return "example";
    case agent::ENTRY_BENCHMARK:
      return "benchmark";
    case agent::ENTRY_MAIN:
      return "main";
    default:
      return "unknown";
  }
}

absl::Status Prepare(const Options& options, const std::atomic<bool>* interrupted, Workplace* place) {
  place->interrupted = interrupted;
  std::error_code error;
  place->cwd = std::filesystem::current_path(error).string();
  if (error) return absl::FailedPreconditionError(fmt::format("the current directory: {}", error.message()));
  // The directory as the user sees it, symbolic links and all: go names files that way too.
  if (const auto pwd = target::GetVariable(target::CurrentEnvironment(), "PWD");
      pwd && std::filesystem::equivalent(*pwd, place->cwd, error) && !error) {
    place->cwd = *pwd;
  }
  auto work_dir = target::WorkDir::Create(options.work, target::CurrentEnvironment());
  if (!work_dir.ok()) return work_dir.status();
  place->work_dir.emplace(*std::move(work_dir));
  auto cache = build::Cache::Open(place->work_dir->cache_dir());
  if (!cache.ok()) return cache.status();
  place->cache.emplace(*std::move(cache));
  place->run_go = GoRunner(interrupted);
  return absl::OkStatus();
}

absl::StatusOr<EntryFilter> FilterOf(const Options& options) {
  if (options.run.empty()) return [](const std::string&) { return true; };
  try {
    return [wanted = std::regex(options.run, std::regex::ECMAScript)](const std::string& name) {
      return std::regex_search(name, wanted);
    };
  } catch (const std::regex_error& error) {
    return absl::InvalidArgumentError(fmt::format("-run {}: {}", options.run, error.what()));
  }
}

absl::StatusOr<std::vector<build::Package>> FindPackages(const Options& options, Workplace& place) {
  std::vector<build::Package> found;
  auto groups = build::GroupPatterns(place.cwd, options.packages);
  if (!groups.ok()) return groups.status();
  for (const build::PatternGroup& group : *groups) {
    auto chain = SetUpToolchain(options, place, group.dir);
    if (!chain.ok()) return chain.status();
    auto packages = build::ListPackages(place.run_go, chain->tool, group, BuildFlags(options), place.cwd);
    if (!packages.ok()) return packages.status();
    found.insert(found.end(), packages->begin(), packages->end());
  }
  return found;
}

absl::StatusOr<std::vector<PlannedEntry>> PlanEntries(const Options& options, Workplace& place,
                                                      const StageSink& on_stage, report::Report* report) {
  return Planner(options, place, on_stage, report).Plan();
}

}  // namespace goleakstress::campaign
