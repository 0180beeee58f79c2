#include "harness/explain/owner.h"

#include <algorithm>
#include <array>
#include <span>

#include "harness/explain/go_source.h"
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
constexpr std::array<std::string_view, 12> kSocket = {
    "net.Conn",     "net.TCPConn",     "net.UDPConn",      "net.UnixConn", "net.PacketConn",     "net.IPConn",
    "net.Listener", "net.TCPListener", "net.UnixListener", "tls.Conn",     "io.ReadWriteCloser", "io.Closer"};
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

bool Mentions(std::string_view text, std::string_view type) {
  for (size_t at = text.find(type); at != std::string_view::npos; at = text.find(type, at + 1)) {
    const size_t end = at + type.size();
    if ((at == 0 || !IsWord(text[at - 1])) && (end == text.size() || !IsWord(text[end]))) return true;
  }
  return false;
}

// Behind the bracket that closes the one at `open`; npos where none does.
size_t Behind(std::string_view text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[' || text[i] == '{') ++depth;
    if ((text[i] == ')' || text[i] == ']' || text[i] == '}') && --depth == 0) return i + 1;
  }
  return std::string_view::npos;
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

bool HandsOn(std::string_view kind, std::string_view results) {
  const auto handle = std::find_if(kHandles.begin(), kHandles.end(),
                                   [kind](const Handle& h) { return kind.starts_with(h.kind); });
  return handle != kHandles.end() &&
         std::any_of(handle->types.begin(), handle->types.end(),
                     [results](std::string_view type) { return Mentions(results, type); });
}

const Frame* OwnerOf(const Stack& stack, const Frame* acquirer, std::string_view kind, const CodeMap& code,
                     const ReadSource& read) {
  const Frame* owner = acquirer;
  const Frame* const end = stack.data() + stack.size();
  if (acquirer == nullptr || !read || code.OwnerOf(*acquirer) != Owner::kUser) return acquirer;
  for (const Frame* frame = acquirer; frame < end; ++frame) {
    if (code.OwnerOf(*frame) != Owner::kUser) continue;
    owner = frame;
    const std::string source = read(frame->file);
    if (IsClosure(frame->function) || !HandsOn(kind, DeclaredResults(source, frame->line)) ||
        ForgetsItOnReturn(source, frame->line))
      break;
  }
  return owner;
}

}  // namespace goleakstress::explain
