#include "harness/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <random>
#include <string_view>
#include <utility>

#include "harness/units.h"

namespace goleakstress {
namespace {

template <std::chrono::nanoseconds Options::* member>
absl::Status SetDuration(Options& options, const std::string& value) {
  auto parsed = ParseDuration(value);
  if (!parsed.ok()) return parsed.status();
  if (parsed->count() <= 0) return absl::InvalidArgumentError("must be more than nothing");
  options.*member = *parsed;
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

absl::Status SetWorkers(Options& options, const std::string& value) {
  constexpr int kMost = 64;
  int workers = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), workers);
  if (error != std::errc{} || end != value.data() + value.size() || workers < 1 || workers > kMost) {
    return absl::InvalidArgumentError(fmt::format("write a number from 1 to {}", kMost));
  }
  options.workers = workers;
  return absl::OkStatus();
}

absl::Status SetColour(Options& options, const std::string& value) {
  if (value != "auto" && value != "always" && value != "never") {
    return absl::InvalidArgumentError(fmt::format("{:.40} is none of auto, always, never", value));
  }
  options.colour = value;
  return absl::OkStatus();
}

absl::Status SetGuide(Options& options, const std::string& value) {
  if (value != "both" && value != "coverage" && value != "leaks" && value != "none") {
    return absl::InvalidArgumentError(fmt::format("{:.40} is none of both, coverage, leaks, none", value));
  }
  options.guide = value;
  return absl::OkStatus();
}

absl::Status SetGcOnly(Options& options, const std::string& value) {
  if (value != "fail" && value != "warn") {
    return absl::InvalidArgumentError(fmt::format("{:.40} is neither fail nor warn", value));
  }
  options.gc_only_fails = value == "fail";
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

// The one table: every flag of `run`, `replay` and `fuzz`, how it is set, and its line of help (none: told of
// in the line above).
struct Flag {
  const char* name;
  const char* value;  // placeholder in the help; nullptr: a switch
  absl::Status (*set)(Options&, const std::string&);
  const char* help;
};
constexpr Flag kFlags[] = {
    {"run", "REGEXP", SetText<&Options::run>, "only entries whose name matches"},
    {"budget", "DURATION", SetDuration<&Options::budget>, "time for each entry (30s); -total: for the run"},
    {"total", "DURATION", SetDuration<&Options::total>, ""},
    {"seed", "N", SetSeed, "draw the same doses and inputs; also -guide -workers"},
    {"guide", "HOW", SetGuide, ""},
    {"workers", "N", SetWorkers, ""},
    {"list", nullptr, SetSwitch<&Options::list>, "print the entries, run nothing"},
    {"format", "F[=PATH]", AddFormat, "text json sarif junit github markdown"},
    {"v", nullptr, SetSwitch<&Options::verbose>, "print every member, stack and stage"},
    {"save-corpus", nullptr, SetSwitch<&Options::save_corpus>,
     "write inputs that leak to testdata/fuzz/FuzzXxx"},
    {"list-corpus", nullptr, SetSwitch<&Options::list_corpus>, ""},
    {"merge", nullptr, SetSwitch<&Options::merge>, ""},
    {"work", "DIR", SetText<&Options::work>, "keep the work directory there"},
    {"probes", "+x,-y", SetText<&Options::probes>, "switch probes on and off"},
    {"memory-cap", "SIZE", SetMemoryCap, "heap of the target that counts as exhausted"},
    {"gc-only", "HOW", SetGcOnly, "what only the GC closes: fail or warn"},
    {"color", "WHEN", SetColour, "auto, always or never"},
    {"tags", "LIST", SetText<&Options::tags>, "for go build; also -race -mod -modfile -ldflags -gcflags"},
    {"race", nullptr, SetSwitch<&Options::race>, ""},
    {"mod", "MODE", SetText<&Options::mod>, ""},
    {"modfile", "FILE", SetText<&Options::modfile>, ""},
    {"ldflags", "FLAGS", SetText<&Options::ldflags>, ""},
    {"gcflags", "FLAGS", SetText<&Options::gcflags>, ""},
};

struct VerbName {
  const char* name;
  Verb verb;
  bool may_be_dashed;  // "--version" is as good as "version"
};
constexpr VerbName kVerbs[] = {{"run", Verb::kRun, false},        {"explain", Verb::kExplain, false},
                               {"replay", Verb::kReplay, false},  {"fuzz", Verb::kFuzz, false},
                               {"version", Verb::kVersion, true}, {"help", Verb::kHelp, true}};

constexpr char kUsage[] =
    "Usage: goleakstress run [packages] [flags] [-- arguments of main]\n"
    "       goleakstress replay FILE [package] [flags]\n"
    "       goleakstress fuzz -list-corpus | -merge [packages] [flags]\n"
    "       goleakstress explain [rule] | version | help\n"
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

// The nearest of the names, if a slip of the fingers may have made `word` of it; else nullptr.
template <typename Named, size_t n>
const char* Nearest(const Named (&table)[n], std::string_view word) {
  const auto* nearest =
      std::min_element(std::begin(table), std::end(table), [word](const Named& a, const Named& b) {
        return EditDistance(word, a.name) < EditDistance(word, b.name);
      });
  const bool near =
      !word.empty() && EditDistance(word, nearest->name) <= std::max<size_t>(1, word.size() / 2);
  return near ? nearest->name : nullptr;
}

absl::Status UnknownFlag(const std::string& argument, std::string_view name) {
  const char* nearest = Nearest(kFlags, name);
  return absl::InvalidArgumentError(
      fmt::format("unknown flag {:.60}{}; `goleakstress --help` lists the flags", argument,
                  nearest != nullptr ? fmt::format(": did you mean -{}?", nearest) : ""));
}

absl::StatusOr<Verb> ParseVerb(const std::string& word) {
  std::string_view name = word;
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  const bool dashed = name.size() < word.size();
  if (dashed && name == "h") return Verb::kHelp;
  for (const VerbName& known : kVerbs) {
    if (name == known.name && (!dashed || known.may_be_dashed)) return known.verb;
  }
  constexpr char kHint[] = "`goleakstress --help` shows how it is called";
  if (dashed) {
    return absl::InvalidArgumentError(fmt::format("flags come after `run`, not {:.60}; {}", word, kHint));
  }
  if (word.find_first_of("./") != std::string::npos) {
    return absl::InvalidArgumentError(
        fmt::format("unknown command {:.60}: did you mean `goleakstress run {:.60}`?", word, word));
  }
  const char* nearest = Nearest(kVerbs, word);
  return absl::InvalidArgumentError(
      fmt::format("unknown command {:.60}{}; {}", word,
                  nearest != nullptr ? fmt::format(": did you mean {}?", nearest) : "", kHint));
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
    if (flag == nullptr) return UnknownFlag(argument, name);
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

// Makes the flag known to CLI11. What its value cannot be goes to `bad`, the first one stays.
void AddFlag(const Flag& flag, Options* options, absl::Status* bad, CLI::App* app) {
  const std::string name =
      fmt::format("{}{}", std::string_view(flag.name).size() == 1 ? "-" : "--", flag.name);
  const auto set = [options, bad, &flag](const std::string& value) {
    const absl::Status status = flag.set(*options, value);
    if (status.ok() || !bad->ok()) return;
    *bad = absl::InvalidArgumentError(fmt::format("-{}: {}", flag.name, std::string(status.message())));
  };
  if (flag.value == nullptr) {
    app->add_flag_callback(name, [set] { set(""); });
    return;
  }
  const auto set_all = [set](const std::vector<std::string>& values) {
    for (const std::string& value : values) set(value);
  };
  app->add_option_function<std::vector<std::string>>(name, set_all)->allow_extra_args(false);
}

// The first argument of `replay` is the file. Its directory names the entry, FuzzXxx/NAME, and where it lies
// in testdata/fuzz the package too.
absl::Status TakeReplay(Options& options) {
  if (options.packages.empty()) {
    return absl::InvalidArgumentError("replay needs a file: goleakstress replay testdata/fuzz/FuzzXxx/NAME");
  }
  options.replay = options.packages.front();
  options.packages.erase(options.packages.begin());
  const std::filesystem::path file = std::filesystem::path(options.replay).lexically_normal();
  const std::filesystem::path entry_dir = file.parent_path();
  if (options.run.empty()) {
    const std::string entry = entry_dir.filename();
    if (!entry.starts_with("Fuzz")) {
      return absl::InvalidArgumentError(fmt::format(
          "{:.200} does not lie in a directory FuzzXxx: name the entry with -run", options.replay));
    }
    options.run = OnlyEntry(entry);
  }
  const std::filesystem::path corpus = entry_dir.parent_path();
  if (options.packages.empty() && corpus.filename() == "fuzz" &&
      corpus.parent_path().filename() == "testdata") {
    const std::string package = corpus.parent_path().parent_path();
    options.packages = {package.empty()                                        ? "."
                        : package.starts_with('/') || package.starts_with('.') ? package
                                                                               : "./" + package};
  }
  return absl::OkStatus();
}

// Which flags go with which verb.
absl::Status CheckTogether(const Options& options) {
  const int works = (options.list_corpus ? 1 : 0) + (options.merge ? 1 : 0);
  if (options.verb != Verb::kFuzz && works > 0) {
    return absl::InvalidArgumentError(
        fmt::format("-{} goes with `goleakstress fuzz`", options.merge ? "merge" : "list-corpus"));
  }
  if (options.verb == Verb::kFuzz && works != 1) {
    return absl::InvalidArgumentError(
        "fuzz takes -list-corpus or -merge; `goleakstress run -total 8h` hunts for inputs");
  }
  if (options.verb != Verb::kRun && options.total.count() > 0) {
    return absl::InvalidArgumentError("-total goes with `goleakstress run`");
  }
  return absl::OkStatus();
}

}  // namespace

std::string OnlyEntry(std::string_view name) {
  std::string pattern = "^";
  for (const char c : name) pattern += c == '+' ? std::string("\\+") : std::string(1, c);
  return pattern + "$";
}

absl::StatusOr<Options> ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  options.help = Help();
  if (arguments.empty()) return options;
  auto verb = ParseVerb(arguments[0]);
  if (!verb.ok()) return verb.status();
  options.verb = *verb;
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (options.verb != Verb::kRun && options.verb != Verb::kReplay && options.verb != Verb::kFuzz) {
    if (options.verb == Verb::kHelp || rest.empty()) return options;
    if (options.verb == Verb::kExplain && rest.size() == 1) {
      options.rule = rest[0];
      return options;
    }
    if (options.verb == Verb::kExplain) {
      return absl::InvalidArgumentError(fmt::format("explain takes one rule, not {:.60} as well", rest[1]));
    }
    return absl::InvalidArgumentError(
        fmt::format("{} takes no arguments, not even {:.60}", arguments[0], rest[0]));
  }
  auto normal = Normalise(rest, &options.arguments);
  if (!normal.ok()) return normal.status();

  CLI::App app;
  app.set_help_flag();
  bool help = false;
  absl::Status bad;
  app.add_flag("--help", help);
  app.add_option("packages", options.packages);
  for (const Flag& flag : kFlags) AddFlag(flag, &options, &bad, &app);
  options.seed = std::random_device()();
  std::reverse(normal->begin(), normal->end());  // CLI11 takes the arguments from the back
  try {
    app.parse(*normal);
  } catch (const CLI::ParseError& error) {
    return absl::InvalidArgumentError(
        fmt::format("{:.300}; `goleakstress --help` shows how it is called", error.what()));
  }
  if (help) options.verb = Verb::kHelp;
  if (help) return options;
  if (!bad.ok()) return bad;
  if (absl::Status status = CheckTogether(options); !status.ok()) return status;
  if (options.verb == Verb::kReplay) {
    if (absl::Status status = TakeReplay(options); !status.ok()) return status;
  }
  return options;
}

}  // namespace goleakstress
