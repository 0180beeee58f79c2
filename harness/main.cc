// goleakstress: finds leaks in Go programs before a release. Everything below main is a library.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "harness/exit_code.h"
#include "harness/input/fuzz_engine.h"
#include "harness/options.h"
#include "harness/report/escape.h"
#include "harness/report/rule_page.h"
#include "harness/run_command.h"
#include "harness/target/interrupt.h"

int main(int argc, char** argv) {
  using goleakstress::ExitCode;
  // Not for users: the process in which libFuzzer runs.
  if (argc > 1 && std::string_view(argv[1]) == goleakstress::input::kFuzzEngineVerb) {
    return goleakstress::input::FuzzEngineMain({argv + 2, argv + argc});
  }
  const auto options = goleakstress::ParseOptions(std::vector<std::string>(argv + 1, argv + argc));
  if (!options.ok()) {
    const std::string message(options.status().message());
    fmt::print(stderr, "goleakstress: {}\n", goleakstress::report::OneLine(message, 1000));
    return static_cast<int>(ExitCode::kUsage);
  }
  switch (options->verb) {
    case goleakstress::Verb::kHelp:
      fmt::print("{}", options->help);
      break;
    case goleakstress::Verb::kVersion:
      fmt::print("goleakstress {}\n", GOLEAKSTRESS_VERSION);
      break;
    case goleakstress::Verb::kExplain: {
      const absl::StatusOr<std::string> page = options->rule.empty()
                                                   ? goleakstress::report::RuleList()
                                                   : goleakstress::report::RulePage(options->rule);
      if (!page.ok()) {
        fmt::print(stderr, "goleakstress: {}\n",
                   goleakstress::report::OneLine(std::string(page.status().message()), 1000));
        return static_cast<int>(ExitCode::kUsage);
      }
      fmt::print("{}", *page);
      break;
    }
    case goleakstress::Verb::kRun:
    case goleakstress::Verb::kReplay:
    case goleakstress::Verb::kFuzz:
      goleakstress::target::InstallInterruptHandlers();  // before any thread starts
      return static_cast<int>(goleakstress::RunCommandLine(*options));
  }
  return static_cast<int>(ExitCode::kClean);
}
