#include "harness/explain/stack.h"

#include <algorithm>
#include <cctype>

namespace goleakstress::explain {
namespace {

bool IsBelow(std::string_view path, std::string_view dir) {
  return path.size() > dir.size() && path.starts_with(dir) && path[dir.size()] == '/';
}

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// Where the part of the name begins that the compiler made up; the size of the name if there is none. `name`
// follows the last slash of the import path.
size_t GeneratedSuffix(std::string_view name) {
  size_t cut = std::min(name.find("-range"), name.find("-fm"));
  for (std::string_view marker : {".func", ".gowrap", ".deferwrap"}) {
    for (size_t at = name.find(marker); at != std::string_view::npos; at = name.find(marker, at + 1)) {
      const size_t digit = at + marker.size();
      if (digit < name.size() && IsDigit(name[digit])) {
        cut = std::min(cut, at);
        break;
      }
    }
  }
  return std::min(cut, name.size());
}

// Each list of type arguments, with its brackets, becomes `instead`.
std::string ReplaceTypeArguments(std::string_view name, std::string_view instead) {
  std::string out;
  int depth = 0;
  for (char c : name) {
    if (c == '[' && depth++ == 0) out += instead;
    if (depth == 0) out += c;
    if (c == ']' && depth > 0) --depth;
  }
  return out;
}

bool IsPlumbing(const Frame& frame) {
  const std::string package = PackageOf(frame.function);
  return package == "testing" || package == "reflect" || package == "runtime" || frame.file == "_testmain.go";
}

// What package syscall was frozen for: who calls it opened what it opens.
bool IsSystemPackage(std::string_view package) { return package.starts_with("golang.org/x/sys/"); }

}  // namespace

Owner CodeMap::OwnerOf(const Frame& frame) const {
  const std::string package = PackageOf(frame.function);
  if (!agent_package.empty() && package == agent_package) return Owner::kAgent;
  for (const std::string& dir : user_dirs) {
    if (IsBelow(frame.file, dir)) {
      const bool vendored = frame.file.find("/vendor/", dir.size()) != std::string::npos;
      if (vendored && IsSystemPackage(package)) return Owner::kStandard;
      const bool theirs =
          vendored || (!helpers.empty() && helpers.contains(DeclaredFunction(frame.function)));
      return theirs ? Owner::kDependency : Owner::kUser;
    }
  }
  if (!frame.file.starts_with('/') || IsSystemPackage(package)) return Owner::kStandard;
  for (const std::string& root : goroots) {
    if (IsBelow(frame.file, root)) return Owner::kStandard;
  }
  // The build cache hands out archives that were compiled from another mirror of the same GOROOT, with that
  // mirror's paths: a standard package is one without a dot in the first element of its path, in a directory
  // src/PACKAGE.
  const size_t slash = frame.file.rfind('/');
  const bool in_src = std::string_view(frame.file).substr(0, slash).ends_with("/src/" + package);
  return in_src && package.substr(0, package.find('/')).find('.') == std::string::npos ? Owner::kStandard
                                                                                       : Owner::kDependency;
}

std::string PackageOf(std::string_view function) {
  // Type arguments may hold slashes and dots of other packages.
  const size_t bracket = std::min(function.find('['), function.size());
  const size_t slash = function.substr(0, bracket).rfind('/');
  const size_t dot = function.find('.', slash == std::string_view::npos ? 0 : slash);
  return std::string(function.substr(0, std::min(dot, function.size())));
}

std::string AsPrinted(std::string_view function) {
  const size_t first = function.find('['), last = function.rfind(']');
  if (first == std::string_view::npos || last == std::string_view::npos || last < first)
    return std::string(function);
  return std::string(function.substr(0, first)) + "[...]" + std::string(function.substr(last + 1));
}

std::string DeclaredFunction(std::string_view function) {
  const std::string plain = ReplaceTypeArguments(function, "");
  const size_t slash = plain.rfind('/');
  const size_t name_begin = slash == std::string::npos ? 0 : slash + 1;
  const std::string_view name = std::string_view(plain).substr(name_begin);
  std::string out = plain.substr(0, name_begin + GeneratedSuffix(name));
  while (out.ends_with('.')) out.pop_back();
  return out;
}

std::string_view NameWithin(std::string_view declared) { return declared.substr(declared.rfind('.') + 1); }

bool IsClosure(std::string_view function) {
  return DeclaredFunction(function) != ReplaceTypeArguments(function, "");
}

namespace {

// How deep a function calls itself, by itself or through others, tells no cause from another: of what lies
// between two calls of it the calls nearest to the root are left out.
Stack EraseRecursion(const Stack& stack) {
  Stack erased;
  for (const Frame& frame : stack) {
    const auto same = std::find_if(erased.begin(), erased.end(),
                                   [&frame](const Frame& inner) { return inner.function == frame.function; });
    if (same == erased.end()) {
      erased.push_back(frame);
    } else {
      erased.erase(same + 1, erased.end());
    }
  }
  return erased;
}

Stack CutRoot(Stack stack, const CodeMap& code) {
  const auto is_theirs = [&code](const Frame& frame) {
    const Owner owner = code.OwnerOf(frame);
    return owner == Owner::kUser || owner == Owner::kDependency;
  };
  const auto root_most = std::find_if(stack.rbegin(), stack.rend(), is_theirs);
  if (root_most != stack.rend()) {
    // Only plumbing is cut: net/http that calls the user's handler tells two servers apart from two clients.
    const auto first_below = std::find_if(stack.rbegin(), root_most, [&code](const Frame& frame) {
      return code.OwnerOf(frame) != Owner::kAgent && !IsPlumbing(frame);
    });
    stack.erase(first_below.base(), stack.end());
    return stack;
  }
  // Nobody's code below the agent's: what the agent does for itself.
  if (std::any_of(stack.begin(), stack.end(),
                  [&code](const Frame& frame) { return code.OwnerOf(frame) == Owner::kAgent; }))
    return {};
  while (!stack.empty() && stack.back().function == "runtime.goexit") stack.pop_back();
  return stack;
}

}  // namespace

bool IsGlue(const Frame& frame, const CodeMap& code) {
  const std::string_view file = std::string_view(frame.file).substr(frame.file.rfind('/') + 1);
  return (file.starts_with("zz_goleakstress") || frame.function.find("goleakstress") != std::string::npos) &&
         code.OwnerOf(frame) == Owner::kStandard;
}

Stack TrimRoot(Stack stack, const CodeMap& code) {
  std::erase_if(stack, [&code](const Frame& frame) { return IsGlue(frame, code); });
  return EraseRecursion(CutRoot(std::move(stack), code));
}

bool IsOwn(const Stack& trimmed, const CodeMap& code) {
  return trimmed.empty() || std::any_of(trimmed.begin(), trimmed.end(), [&code](const Frame& frame) {
           return code.OwnerOf(frame) == Owner::kAgent;
         });
}

bool IsRuntimes(std::string_view function) {
  return function.starts_with("runtime.") || function.starts_with("internal/runtime/");
}

Allocation TakeAllocation(Stack* stack) {
  // Where the runtime keeps goroutines, waiters, threads, timers and type tables. Everything else of it that
  // stands below a frame of the program is an operation of the language: new, make, append, map assignment,
  // conversion.
  constexpr std::string_view kOwn[] = {"acquireSudog",  "malg",    "newproc", "allgadd",
                                       "saveAncestors", "allocm",  "newm",    "startm",
                                       "(*timer",       "getitab", "itabAdd", "(*pollCache)"};
  Allocation allocation;
  size_t leaf = 0;
  for (; leaf < stack->size(); ++leaf) {
    const std::string& function = (*stack)[leaf].function;
    if (!IsRuntimes(function)) break;
    const std::string package = PackageOf(function);
    const std::string_view name =
        std::string_view(function).substr(std::min(package.size() + 1, function.size()));
    if (name.find("mapassign") != std::string_view::npos) allocation.container = "map";
    if (name.starts_with("growslice")) allocation.container = "slice";
    if (std::any_of(std::begin(kOwn), std::end(kOwn),
                    [name](std::string_view own) { return name.starts_with(own); })) {
      allocation.by_runtime = true;
    }
  }
  stack->erase(stack->begin(), stack->begin() + static_cast<std::ptrdiff_t>(leaf));
  return allocation;
}

bool IsRuntimeOnly(const Stack& stack) {
  return std::all_of(stack.begin(), stack.end(), [](const Frame& frame) {
    return IsRuntimes(frame.function) || PackageOf(frame.function).starts_with("runtime/internal/");
  });
}

std::string FunctionThatRuns(const Stack& stack) {
  const auto root = std::find_if(stack.rbegin(), stack.rend(), [](const Frame& frame) {
    return frame.function.find(".gowrap") == std::string::npos;
  });
  return root == stack.rend() ? "" : root->function;
}

bool HasUserFrame(std::span<const Frame> frames, const CodeMap& code) {
  return std::any_of(frames.begin(), frames.end(),
                     [&code](const Frame& frame) { return code.OwnerOf(frame) == Owner::kUser; });
}

const Frame* Culprit(const Stack& stack, const CodeMap& code) {
  for (Owner owner : {Owner::kUser, Owner::kDependency}) {
    for (const Frame& frame : stack) {
      if (code.OwnerOf(frame) == owner) return &frame;
    }
  }
  return nullptr;
}

}  // namespace goleakstress::explain
