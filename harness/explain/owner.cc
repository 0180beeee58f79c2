#include "harness/explain/owner.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <vector>

#include "harness/explain/closable.h"
#include "harness/explain/go_source.h"
#include "harness/explain/holders.h"
#include "harness/explain/ways_out.h"

namespace goleakstress::explain {
namespace {

constexpr size_t kLongestSignature = 4096;

struct Handle {
  std::string_view kind;  // or what it begins with
  std::span<const std::string_view> types;
};

constexpr std::array<std::string_view, 2> kBody = {"http.Response", "io.ReadCloser"};
constexpr std::array<std::string_view, 7> kFile = {
    "os.File",   "fs.File",          "io.ReadCloser", "io.WriteCloser", "io.ReadWriteCloser",
    "io.Closer", "io.ReadSeekCloser"};
constexpr std::array<std::string_view, 15> kSocket = {
    "smtp.Client",     "rpc.Client",       "textproto.Conn", "net.Conn",           "net.TCPConn",
    "net.UDPConn",     "net.UnixConn",     "net.PacketConn", "net.IPConn",         "net.Listener",
    "net.TCPListener", "net.UnixListener", "tls.Conn",       "io.ReadWriteCloser", "io.Closer"};
constexpr std::array<std::string_view, 1> kRows = {"sql.Rows"}, kStatement = {"sql.Stmt"},
                                          kTransaction = {"sql.Tx"}, kConnection = {"sql.Conn"},
                                          kDatabase = {"sql.DB"}, kTicker = {"time.Ticker"},
                                          kTimer = {"time.Timer"};
constexpr std::array<std::string_view, 2> kProcess = {"exec.Cmd", "os.Process"};
constexpr std::array<std::string_view, 3> kCancel = {"context.CancelFunc", "context.CancelCauseFunc",
                                                     "func()"};

constexpr std::array<Handle, 12> kHandles = {{{"http.body", kBody},
                                              {"fd.file", kFile},
                                              {"fd.socket", kSocket},
                                              {"sql.rows", kRows},
                                              {"sql.stmt", kStatement},
                                              {"sql.tx", kTransaction},
                                              {"sql.conn", kConnection},
                                              {"sql.db", kDatabase},
                                              {"exec.process", kProcess},
                                              {"time.ticker", kTicker},
                                              {"time.timer", kTimer},
                                              {"context", kCancel}}};

// Behind the bracket that closes the one at `open`; npos where none does.
size_t Behind(std::string_view text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
    if ((text[i] == ')' || text[i] == ']' || text[i] == '}') && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
}

// Types as they stand in results, and what may give something up that a function returns beside it.
constexpr std::array<std::string_view, 6> kClosers = {
    "func()", "context.CancelFunc", "io.Closer", "io.ReadCloser", "io.WriteCloser", "io.ReadWriteCloser"};

// Whether results have one of the types, with a package or without.
bool HasOne(std::string_view results, const std::set<std::string>& types) {
  return std::any_of(types.begin(), types.end(), [results](const std::string& type) {
    if (type.ends_with(')')) return results.find(type) != std::string_view::npos;
    return HasWord(results, type) || results.find("." + type) != std::string_view::npos;
  });
}

// Whether the frame's call of context.AfterFunc is for good: nobody has its stop function.
bool DropsStop(std::string_view source, int line) {
  const Declaration declaration = DeclarationAround(source, line);
  const Variables stop = HoldersOf(declaration);
  const auto called = [&stop](std::string_view text) {
    return std::any_of(stop.begin(), stop.end(), [text](const std::string& name) {
      return text.find(name + "()") != std::string_view::npos;
    });
  };
  if (!declaration.lines.empty() && StatementOf(declaration.lines[declaration.at]).starts_with("return "))
    return false;
  return !declaration.lines.empty() && !ReturnsOne(declaration, stop, {}) &&
         std::none_of(declaration.lines.begin(), declaration.lines.end(), called);
}

}  // namespace

std::string DeclaredResults(std::string_view source, int line) {
  const size_t declared = DeclarationAbove(source, line);
  if (declared == std::string_view::npos) return {};
  std::string_view text = source.substr(declared + kDeclaration.size(), kLongestSignature);
  if (text.starts_with('(')) text.remove_prefix(std::min(Behind(text, 0), text.size()));  // the receiver
  size_t open = text.find_first_of("([");
  if (open == std::string_view::npos) return {};
  if (text[open] == '[') {  // type parameters
    text.remove_prefix(std::min(Behind(text, open), text.size()));
    open = text.find('(');
    if (open == std::string_view::npos) return {};
  }
  text.remove_prefix(std::min(Behind(text, open), text.size()));
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  // A blank stands before the body's brace; those of types have none.
  const size_t end = text.starts_with('(') ? Behind(text, 0)
                                           : std::min({text.find("{\n"), text.find(" { "), text.find('\n')});
  return std::string(text.starts_with('{') ? std::string_view() : text.substr(0, end));
}

std::vector<std::string_view> OwnTypes(std::string_view results) {
  std::vector<std::string_view> types;
  for (size_t i = 0; i < results.size();) {
    size_t end = i;
    while (end < results.size() && IsWord(results[end])) ++end;
    const std::string_view word = results.substr(i, end - i);
    if (!word.empty() && word.find('.') == std::string_view::npos) types.push_back(word);
    i = std::max(end, i + 1);
  }
  return types;
}

bool IsHandle(std::string_view type) {
  return std::find(kClosers.begin(), kClosers.end(), type) != kClosers.end() ||
         std::any_of(kHandles.begin(), kHandles.end(), [type](const Handle& handle) {
           return std::find(handle.types.begin(), handle.types.end(), type) != handle.types.end();
         });
}

std::string PackageAround(const std::string& file, const std::string& source, const ReadSource& read) {
  std::string package = read(file.substr(0, file.rfind('/') + 1));
  return package.empty() ? source : package;
}

bool HandsOn(std::string_view kind, std::string_view results) {
  const auto handle = std::find_if(kHandles.begin(), kHandles.end(),
                                   [kind](const Handle& h) { return kind.starts_with(h.kind); });
  return handle != kHandles.end() &&
         std::any_of(handle->types.begin(), handle->types.end(),
                     [results](std::string_view type) { return HasWord(results, type); });
}

std::set<std::string> WrappersOf(std::string_view source, int line, std::string_view package) {
  const std::string results = DeclaredResults(source, line);
  std::set<std::string> wrappers;
  for (const std::string_view type : OwnTypes(results)) {
    if (!ClosersOf(package, type, IsHandle).empty()) wrappers.emplace(type);
  }
  for (const std::string_view closer : kClosers) {
    if (results.find(closer) != std::string::npos) wrappers.emplace(closer);
  }
  if (wrappers.empty()) return {};
  const Declaration declaration = DeclarationAround(source, line);
  const Variables holders = HoldersOf(declaration);
  return ReturnsOne(declaration, holders, results) ? wrappers : std::set<std::string>();
}

const Frame* OwnerOf(const Stack& stack, const Frame* acquirer, std::string_view kind, const CodeMap& code,
                     const ReadSource& read) {
  const Frame* owner = acquirer;
  const Frame* constructor = nullptr;  // the first one that wraps it
  std::set<std::string> wrappers;
  const Frame* const end = stack.data() + stack.size();
  if (acquirer == nullptr || !read || code.OwnerOf(*acquirer) != Owner::kUser) return acquirer;
  const bool after = acquirer != stack.data() && (acquirer - 1)->function == "context.AfterFunc";
  if (after && DropsStop(read(acquirer->file), acquirer->line)) return acquirer;
  for (const Frame* frame = acquirer; frame < end; ++frame) {
    if (code.OwnerOf(*frame) != Owner::kUser) continue;
    owner = frame;
    if (IsClosure(frame->function)) break;
    const std::string source = read(frame->file);
    if (ForgetsItOnReturn(source, frame->line) || ForgetsItOnNextTurn(source, frame->line) ||
        KeepsForNextTime(source, frame->line))
      break;
    const std::string results = DeclaredResults(source, frame->line);
    if (HandsOn(kind, results) || HasOne(results, wrappers)) continue;
    std::set<std::string> wraps = WrappersOf(source, frame->line, PackageAround(frame->file, source, read));
    if (wraps.empty()) break;
    if (constructor == nullptr) constructor = frame;
    wrappers.merge(std::move(wraps));
  }
  const bool given_up = constructor != nullptr && owner != constructor && !IsClosure(owner->function) &&
                        GivesItUp(read(owner->file), owner->line);
  return given_up ? constructor : owner;
}

}  // namespace goleakstress::explain
