#include "harness/explain/helpers.h"

#include <algorithm>
#include <string_view>

#include "harness/explain/go_source.h"

namespace goleakstress::explain {
namespace {

// Whether the name stands in the text as a word of its own or behind a dot.
bool Names(std::string_view text, std::string_view name) {
  return AnyPlace(text, name, [](std::string_view before, std::string_view rest) {
    return (before.ends_with('.') || EndsWord(before)) && BeginsNoWord(rest);
  });
}

// Whether the function around the line names it; false where the text is not known.
bool Mentions(const std::string& source, int line, std::string_view name) {
  const Declaration declaration = DeclarationAround(source, line);
  return std::any_of(declaration.lines.begin(), declaration.lines.end(),
                     [name](std::string_view text) { return Names(text, name); });
}

// Whether the call in the line is one of the function by its name, or may be.
bool CallsByName(const std::string& source, int line, std::string_view name) {
  const Declaration declaration = DeclarationAround(source, line);
  return declaration.lines.empty() || Names(declaration.lines[declaration.at], name);
}

// Whether the call in the line hands on a function that the one around it was handed: `catcher.Try(f)`.
bool HandsOnFunction(const std::string& source, int line) {
  const auto& [lines, at] = DeclarationAround(source, line);
  if (lines.empty()) return false;
  return AnyPlace(lines[0], " func(", [&](std::string_view before, std::string_view) {
    const size_t begin = before.find_last_of(" (") + 1;
    const std::string_view parameter = before.substr(begin);
    return !parameter.empty() && at > 0 && Names(lines[at], parameter);
  });
}

// What the goroutine runs, and who calls it.
struct Run {
  const Frame* function = nullptr;  // the outermost of the user's that the runner did not declare
  const Frame* caller = nullptr;
};

Run RunOf(const Stack& stack, const Frame& go_statement, const CodeMap& code, const ReadSource& read) {
  std::string runner = DeclaredFunction(go_statement.function);
  Run run = {.caller = &go_statement};
  for (auto frame = stack.rbegin(); frame != stack.rend(); ++frame) {
    if (code.OwnerOf(*frame) != Owner::kUser) continue;
    const std::string function = DeclaredFunction(frame->function);
    if (function != runner) {
      // What catches panics for it, or sets labels, is a part of the runner.
      const bool part = read && !IsClosure(frame->function) &&
                        CallsByName(read(run.caller->file), run.caller->line, NameWithin(function)) &&
                        HandsOnFunction(read(run.caller->file), run.caller->line);
      if (!part) {
        run.function = &*frame;
        break;
      }
      runner = function;
    }
    run.caller = &*frame;
  }
  return run;
}

// Whether a test drives code with it that then waits.
bool IsDriver(const Frame& writer, const Stack& stack, const CodeMap& code) {
  const auto waits = std::find_if(stack.begin(), stack.end(), [&code](const Frame& frame) {
    return code.OwnerOf(frame) == Owner::kUser;
  });
  return writer.file.ends_with("_test.go") && waits != stack.end() && !waits->file.ends_with("_test.go");
}

}  // namespace

Functions RunnersOf(const Stack& stack, std::span<const Frame> creators, const CodeMap& code,
                    const ReadSource& read) {
  if (creators.empty() || code.OwnerOf(creators.front()) != Owner::kUser) return {};
  const Run run = RunOf(stack, creators.front(), code, read);
  if (run.function == nullptr) return {};
  const std::string declared = DeclaredFunction(run.function->function);
  const std::string_view name = NameWithin(declared);
  const bool closure = IsClosure(run.function->function);
  if (!closure && (!read || CallsByName(read(run.caller->file), run.caller->line, name))) return {};
  const auto wrote = [&](const Frame& creator) {
    if (code.OwnerOf(creator) != Owner::kUser) return false;
    return closure ? DeclaredFunction(creator.function) == declared
                   : Mentions(read(creator.file), creator.line, name);
  };
  const auto writer = std::find_if(creators.begin() + 1, creators.end(), wrote);
  Functions runners;
  if (writer == creators.end() || IsDriver(*writer, stack, code)) return runners;
  for (auto creator = creators.begin(); creator != writer; ++creator) {
    if (code.OwnerOf(*creator) == Owner::kUser) runners.insert(DeclaredFunction(creator->function));
  }
  runners.erase(DeclaredFunction(writer->function));
  return runners;
}

Functions HandersOn(const Stack& stack, const Frame* owner, const CodeMap& code) {
  Functions functions;
  if (owner == nullptr) return functions;
  for (const Frame* frame = stack.data(); frame < owner; ++frame) {
    if (code.OwnerOf(*frame) == Owner::kUser) functions.insert(DeclaredFunction(frame->function));
  }
  functions.erase(DeclaredFunction(owner->function));
  return functions;
}

}  // namespace goleakstress::explain
