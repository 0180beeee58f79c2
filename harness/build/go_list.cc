// The reading of `go list -json`.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "harness/build/discovery.h"

namespace goleakstress::build {
namespace {

namespace json = boost::json;

std::string Text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

const json::object* Inner(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value == nullptr ? nullptr : value->if_object();
}

bool HasElements(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value != nullptr && value->is_array() && !value->get_array().empty();
}

Package ToPackage(const json::object& object) {
  Package package;
  package.import_path = Text(object, "ImportPath");
  package.dir = Text(object, "Dir");
  package.name = Text(object, "Name");
  if (const json::object* module = Inner(object, "Module")) {
    package.module_path = Text(*module, "Path");
    package.module_dir = Text(*module, "Dir");
    package.module_go_version = Text(*module, "GoVersion");
  }
  package.has_tests = HasElements(object, "TestGoFiles") || HasElements(object, "XTestGoFiles");
  package.is_main = package.name == "main";
  package.uses_cgo = HasElements(object, "CgoFiles");
  if (const json::object* error = Inner(object, "Error")) {
    const std::string position = Text(*error, "Pos");
    package.error = position.empty() ? Text(*error, "Err") : position + ": " + Text(*error, "Err");
  }
  return package;
}

}  // namespace

absl::StatusOr<std::vector<Package>> ParseGoList(std::string_view text) {
  std::vector<Package> packages;
  json::stream_parser parser;
  const auto skip_space = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  };
  for (skip_space(); !text.empty(); skip_space()) {
    parser.reset();
    json::error_code error;
    text.remove_prefix(parser.write_some(text.data(), text.size(), error));
    if (!error && !parser.done()) parser.finish(error);
    if (error)
      return absl::FailedPreconditionError(fmt::format("go list printed broken JSON: {}", error.message()));
    const json::value value = parser.release();
    if (!value.is_object())
      return absl::FailedPreconditionError("go list printed something that is no JSON object");
    packages.push_back(ToPackage(value.get_object()));
  }
  return packages;
}

}  // namespace goleakstress::build
