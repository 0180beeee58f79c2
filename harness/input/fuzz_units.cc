// What the engine and the orchestrator's side of it have in common: options and corpus files.

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <string_view>

#include "absl/status/status.h"
#include "harness/input/fuzz_engine.h"

namespace goleakstress::input {
namespace {

bool ParseNumber(std::string_view text, uint64_t most, uint64_t* number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc{} && end == text.data() + text.size() && *number <= most;
}

bool ParseKinds(std::string_view text, Kinds* kinds) {
  kinds->clear();
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    uint64_t number = 0;
    if (!ParseNumber(text.substr(0, comma), static_cast<uint64_t>(Kind::kFloat64), &number) || number == 0)
      return false;
    kinds->push_back(static_cast<Kind>(number));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return !kinds->empty() && kinds->size() <= kMaxArguments;
}

}  // namespace

std::vector<std::string> ToArguments(const FuzzEngineOptions& options) {
  std::string kinds;
  for (Kind kind : options.kinds)
    kinds += fmt::format("{}{}", kinds.empty() ? "" : ",", static_cast<int>(kind));
  return {"arena=" + options.arena,
          "corpus=" + options.corpus,
          fmt::format("shared={:d}", options.shared),
          "seeds=" + options.seeds,
          "package=" + options.package,
          "kinds=" + kinds,
          fmt::format("seed={}", options.seed),
          fmt::format("max_bytes={}", options.max_bytes),
          fmt::format("coverage={:d}", options.guidance.coverage),
          fmt::format("leaks={:d}", options.guidance.leaks)};
}

absl::StatusOr<FuzzEngineOptions> FromArguments(const std::vector<std::string>& arguments) {
  FuzzEngineOptions options;
  for (const std::string& argument : arguments) {
    const size_t equals = std::min(argument.find('='), argument.size());
    const std::string name = argument.substr(0, equals);
    const std::string value = argument.substr(std::min(equals + 1, argument.size()));
    uint64_t number = 0;
    bool good = true;
    if (name == "arena") {
      options.arena = value;
    } else if (name == "corpus") {
      options.corpus = value;
    } else if (name == "seeds") {
      options.seeds = value;
    } else if (name == "package") {
      options.package = value;
    } else if (name == "kinds") {
      good = ParseKinds(value, &options.kinds);
    } else if (name == "seed") {
      good = ParseNumber(value, std::numeric_limits<uint32_t>::max(), &number) && number > 0;
      options.seed = static_cast<uint32_t>(number);
    } else if (name == "max_bytes") {
      good = ParseNumber(value, kMaxInputBytes, &number);
      options.max_bytes = number;
    } else if (name == "coverage" || name == "leaks" || name == "shared") {
      good = ParseNumber(value, 1, &number);
      (name == "leaks"    ? options.guidance.leaks
       : name == "shared" ? options.shared
                          : options.guidance.coverage) = number != 0;
    } else {
      good = false;
    }
    if (!good) return absl::InvalidArgumentError(fmt::format("fuzz engine: bad argument {}", argument));
  }
  if (options.kinds.empty() || options.corpus.empty()) {
    return absl::InvalidArgumentError("fuzz engine: kinds and corpus are needed");
  }
  return options;
}

std::string EncodeUnit(const Input& input) { return ToProto(input).SerializeAsString(); }

absl::StatusOr<Input> DecodeUnit(const uint8_t* data, size_t size, const Kinds& kinds) {
  agent::Input message;
  if (size > 2 * kMaxInputBytes || !message.ParseFromArray(data, static_cast<int>(size))) {
    return absl::InvalidArgumentError("not an input");
  }
  absl::StatusOr<Input> input = FromProto(message);
  if (input.ok() && !Matches(*input, kinds)) return absl::InvalidArgumentError("an input of other arguments");
  return input;
}

}  // namespace goleakstress::input
