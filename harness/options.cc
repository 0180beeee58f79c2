#include "harness/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <random>
#include <utility>

namespace goleakstress {
namespace {

absl::Status SetBudget(Options& options, const std::string& value) {
  auto parsed = ParseDuration(value);
  if (!parsed.ok()) return parsed.status();
  if (parsed->count() <= 0) return absl::InvalidArgumentError("must be more than nothing");
  options.budget = *parsed;
  return absl::OkStatus();
}

absl::Status SetMemoryCap(Options& options, const std::string& value) {
  auto parsed = ParseSize(value);
  if (!parsed.ok()) return parsed.status();
  options.memory_cap = *parsed;
  return absl::OkStatus();
}

absl::Status SetSeed(Options& options, const std::string& value) {
  char* end = nullptr;
  const unsigned long long seed = std::strtoull(value.c_str(), &end, 10);
  if (value.empty() || *end != '\0' || value[0] == '-' || seed > UINT32_MAX) {
    return absl::InvalidArgumentError(fmt::format("write a number from 0 to {}", UINT32_MAX));
  }
  options.seed = static_cast<uint32_t>(seed);
  return absl::OkStatus();
}

absl::Status SetColour(Options& options, const std::string& value) {
  if (value != "auto" && value != "always" && value != "never") {
    return absl::InvalidArgumentError(fmt::format("{:.40} is none of auto, always, never", value));
  }
  options.colour = value;
  return absl::OkStatus();
}

template <std::string Options::* member>
absl::Status SetText(Options& options, const std::string& value) {
  options.*member = value;
  return absl::OkStatus();
}

template <bool Options::* member>
absl::Status SetSwitch(Options& options, const std::string&) {
  options.*member = true;
  return absl::OkStatus();
}

absl::Status AddFormat(Options& options, const std::string& value) {
  options.formats.push_back(value);
  return absl::OkStatus();
}

// The one table: every flag of `run`, how it is set, and its line of help (none: told of in the line above).
struct Flag {
  const char* name;
  const char* value;  // placeholder in the help; nullptr: a switch
  absl::Status (*set)(Options&, const std::string&);
  const char* help;
};
constexpr Flag kFlags[] = {
    {"run", "REGEXP", SetText<&Options::run>, "only entries whose name matches"},
    {"budget", "DURATION", SetBudget, "time for each entry (30s)"},
    {"seed", "N", SetSeed, "draw the same doses and inputs again"},
    {"list", nullptr, SetSwitch<&Options::list>, "print the entries, run nothing"},
    {"format", "F[=PATH]", AddFormat, "text json sarif junit github markdown"},
    {"v", nullptr, SetSwitch<&Options::verbose>, "print every member, stack and stage"},
    {"work", "DIR", SetText<&Options::work>, "keep the work directory there"},
    {"probes", "+x,-y", SetText<&Options::probes>, "switch probes on and off"},
    {"memory-cap", "SIZE", SetMemoryCap, "heap of the target that counts as exhausted"},
    {"color", "WHEN", SetColour, "auto, always or never"},
    {"tags", "LIST", SetText<&Options::tags>, "for go build; also -race -mod -modfile -ldflags -gcflags"},
    {"race", nullptr, SetSwitch<&Options::race>, ""},
    {"mod", "MODE", SetText<&Options::mod>, ""},
    {"modfile", "FILE", SetText<&Options::modfile>, ""},
    {"ldflags", "FLAGS", SetText<&Options::ldflags>, ""},
    {"gcflags", "FLAGS", SetText<&Options::gcflags>, ""},
};

constexpr char kUsage[] =
    "Usage: goleakstress run [packages] [flags] [-- arguments of main]\n"
    "       goleakstress version\n"
    "Finds goroutine, cache and resource leaks. Packages as go takes them; default .\n\n";
constexpr char kExamples[] =
    "\n  goleakstress run ./...                             everything below here\n"
    "  goleakstress run ./cache -run FuzzGet -budget 2m   one entry, two minutes\n"
    "  goleakstress run ./cmd/tool -format json=leaks.json -- -v input.txt\n"
    "Exit: 0 clean, 1 leak, 2 usage, 3 build or harness, 4 inconclusive, 130 Ctrl-C.\n";

std::string Help() {
  std::string help = kUsage;
  for (const Flag& flag : kFlags) {
    if (flag.help[0] == '\0') continue;
    help += fmt::format("  -{:<20} {}\n",
                        flag.value == nullptr ? flag.name : fmt::format("{} {}", flag.name, flag.value),
                        flag.help);
  }
  return help + kExamples;
}

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

absl::Status UnknownFlag(const std::string& argument) {
  const std::string name =
      argument.substr(argument.find_first_not_of('-'), argument.find('=') - argument.find_first_not_of('-'));
  const Flag* nearest =
      std::min_element(std::begin(kFlags), std::end(kFlags), [&name](const Flag& a, const Flag& b) {
        return EditDistance(name, a.name) < EditDistance(name, b.name);
      });
  const bool close = EditDistance(name, nearest->name) <= std::max<size_t>(1, name.size() / 2);
  return absl::InvalidArgumentError(
      fmt::format("unknown flag {:.60}{}; `goleakstress --help` lists the flags", argument,
                  close ? fmt::format(": did you mean -{}?", nearest->name) : ""));
}

const Flag* FindFlag(std::string_view name) {
  const auto at = std::find_if(std::begin(kFlags), std::end(kFlags),
                               [name](const Flag& flag) { return flag.name == name; });
  return at == std::end(kFlags) ? nullptr : at;
}

// Go's spelling to CLI11's: "-name" becomes "--name" for every known flag, values stay apart from what
// follows.
absl::StatusOr<std::vector<std::string>> Normalise(const std::vector<std::string>& arguments,
                                                   std::vector<std::string>* main_arguments) {
  std::vector<std::string> out;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      main_arguments->assign(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1, arguments.end());
      break;
    }
    if (argument.size() < 2 || argument[0] != '-') {
      out.push_back(argument);
      continue;
    }
    const std::string plain = argument.substr(argument[1] == '-' ? 2 : 1);
    const std::string name = plain.substr(0, plain.find('='));
    if (name == "h" || name == "help") {
      out.push_back("--help");
      continue;
    }
    const Flag* flag = FindFlag(name);
    if (flag == nullptr) return UnknownFlag(argument);
    const std::string dashes = name.size() == 1 ? "-" : "--";
    if (flag->value == nullptr || plain.find('=') != std::string::npos) {
      out.push_back(dashes + plain);
      continue;
    }
    if (i + 1 == arguments.size())
      return absl::InvalidArgumentError(fmt::format("-{} needs a value: {}", name, flag->value));
    out.push_back(fmt::format("{}{}={}", dashes, name, arguments[++i]));  // the value may begin with a dash
  }
  return out;
}

}  // namespace

absl::StatusOr<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"ns", 1}, {"us", 1e3}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"m", 6e10}, {"h", 3.6e12}};
  const auto bad = [text] {
    return absl::InvalidArgumentError(fmt::format("{:.40} is no duration: write 30s, 500ms or 1h30m", text));
  };
  double total = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
    if (digits == 0 || digits > 18) return bad();
    const std::string number(rest.substr(0, digits));
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (*end != '\0') return bad();
    rest.remove_prefix(digits);
    const size_t letters = std::min(rest.find_first_of("0123456789."), rest.size());
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& known) { return known.first == rest.substr(0, letters); });
    if (unit == std::end(kUnits)) return bad();
    total += value * unit->second;
    rest.remove_prefix(letters);
  }
  if (text.empty() || total > 9e18) return bad();
  return std::chrono::nanoseconds(static_cast<int64_t>(total));
}

absl::StatusOr<uint64_t> ParseSize(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1},       {"B", 1},         {"k", 1e3},          {"KB", 1e3},
      {"kB", 1e3},   {"MB", 1e6},      {"GB", 1e9},         {"TB", 1e12},
      {"KiB", 1024}, {"MiB", 1048576}, {"GiB", 1073741824}, {"TiB", 1099511627776.0}};
  const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string number(text.substr(0, digits));
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                 [&](const auto& known) { return known.first == text.substr(digits); });
  if (number.empty() || *end != '\0' || unit == std::end(kUnits) || value * unit->second > 9e18) {
    return absl::InvalidArgumentError(fmt::format("{:.40} is no size: write 64MiB, 2GB or 4096", text));
  }
  return static_cast<uint64_t>(value * unit->second);
}

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  auto normal = Normalise(arguments, &options.arguments);
  if (!normal.ok()) return normal.status();

  CLI::App app;
  app.set_help_flag();
  bool help = false;
  absl::Status bad;
  app.add_flag("--help", help);
  CLI::App* run = app.add_subcommand("run");
  CLI::App* version = app.add_subcommand("version");
  run->set_help_flag();
  run->add_flag("--help", help);
  run->add_option("packages", options.packages);
  for (const Flag& flag : kFlags) {
    const std::string name =
        fmt::format("{}{}", std::string_view(flag.name).size() == 1 ? "-" : "--", flag.name);
    const auto set = [&options, &bad, &flag](const std::string& value) {
      const absl::Status status = flag.set(options, value);
      if (!status.ok() && bad.ok()) {
        bad = absl::InvalidArgumentError(fmt::format("-{}: {}", flag.name, std::string(status.message())));
      }
    };
    if (flag.value == nullptr) {
      run->add_flag_callback(name, [set] { set(""); });
    } else {
      run->add_option_function<std::vector<std::string>>(name,
                                                         [set](const std::vector<std::string>& values) {
                                                           for (const std::string& value : values) set(value);
                                                         })
          ->allow_extra_args(false);
    }
  }
  options.seed = std::random_device()();
  std::reverse(normal->begin(), normal->end());  // CLI11 takes the arguments from the back
  try {
    app.parse(*normal);
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        fmt::format("{:.300}; `goleakstress --help` shows how it is called", error.what()));
  }
  if (help || (!run->parsed() && !version->parsed())) {
    options.help = Help();
    return options;
  }
  if (!bad.ok()) return bad;
  options.verb = run->parsed() ? Verb::kRun : Verb::kVersion;
  return options;
}

}  // namespace goleakstress
