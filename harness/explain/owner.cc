#include "harness/explain/owner.h"

#include <absl/strings/str_replace.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <vector>

namespace goleakstress::explain {
namespace {

constexpr size_t kLongestSignature = 4096;
constexpr std::string_view kDeclaration = "func ";

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

bool IsWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

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

// The lines from the declaration of the function around `line` to its end; empty where none is found.
struct Declaration {
  std::vector<std::string_view> lines = {};
  size_t at = 0;  // index of `line`
};
Declaration DeclarationAround(std::string_view source, int line) {
  Declaration declaration;
  int number = 0;
  for (size_t begin = 0; begin < source.size();) {
    const std::string_view text = source.substr(begin, source.find('\n', begin) - begin);
    begin += text.size() + 1;
    ++number;
    if (text.starts_with(kDeclaration) && number <= line) declaration.lines.clear();
    if (declaration.lines.empty() && !text.starts_with(kDeclaration)) continue;
    declaration.lines.push_back(text);
    if (number == line) declaration.at = declaration.lines.size() - 1;
    if (number >= line && text.starts_with('}')) return declaration;
  }
  return {};
}

size_t IndentOf(std::string_view line) { return std::min(line.find_first_not_of('\t'), line.size()); }

// The variable that the result of the call in this line is assigned to first; empty: none.
std::string_view AssignedTo(std::string_view line) {
  std::string_view name = line.substr(IndentOf(line));
  for (const std::string_view keyword : {"if ", "var ", "switch "}) {
    if (name.starts_with(keyword)) name.remove_prefix(keyword.size());
  }
  const auto* const end = std::find_if(name.begin(), name.end(), [](char c) { return !IsWord(c); });
  const std::string_view rest = name.substr(static_cast<size_t>(end - name.begin()));
  const bool assigned = rest.starts_with(", ") || rest.starts_with(" := ") || rest.starts_with(" = ");
  return assigned ? name.substr(0, name.size() - rest.size()) : std::string_view();
}

// Whether the call whose arguments begin in `before` is one of Go's own that read, write or print what they
// are given, and close nothing.
bool OnlyUses(std::string_view before) {
  constexpr std::array<std::string_view, 9> kPackages = {"io",     "ioutil", "bufio", "json", "xml",
                                                         "errors", "fmt",    "log",   "slog"};
  int depth = 1;
  size_t open = before.size();
  while (open > 0 && depth > 0) {
    --open;
    if (before[open] == ')') ++depth;
    if (before[open] == '(') --depth;
  }
  size_t begin = open;
  while (begin > 0 && IsWord(before[begin - 1])) --begin;
  const std::string_view callee = before.substr(begin, open - begin);
  return std::any_of(kPackages.begin(), kPackages.end(), [callee](std::string_view package) {
    return callee.starts_with(package) && callee.substr(package.size()).starts_with('.');
  });
}

// Whether the line closes the variable, or hands it to a function that may: one that is called for what it
// does, not for what it returns, or to make the error.
bool DealsWith(std::string_view line, std::string_view variable) {
  const std::string_view statement = line.substr(IndentOf(line));
  const size_t call = statement.find_first_of("( ");
  const bool for_effect = statement.starts_with("return ") || statement.starts_with("_ = ") ||
                          (call != std::string_view::npos && statement[call] == '(');
  for (size_t at = line.find(variable); at != std::string_view::npos; at = line.find(variable, at + 1)) {
    std::string_view rest = line.substr(at + variable.size());
    if (at > 0 && IsWord(line[at - 1])) continue;
    if (rest.starts_with(".Body")) rest.remove_prefix(5);
    const std::string_view before = line.substr(0, at);
    const bool argument =
        (before.ends_with('(') || before.ends_with(", ")) && (rest.starts_with(')') || rest.starts_with(','));
    if ((argument && for_effect && !OnlyUses(before)) ||
        (rest.starts_with('.') && rest.find("Close(") != std::string_view::npos))
      return true;
  }
  return false;
}

bool IsClosure(std::string_view function) {
  return DeclaredFunction(function) != absl::StrReplaceAll(AsPrinted(function), {{"[...]", ""}});
}

}  // namespace

std::string DeclaredResults(std::string_view source, int line) {
  size_t declared = std::string_view::npos, begin = 0;
  for (int i = 1; i <= line && begin < source.size(); ++i) {
    if (source.substr(begin).starts_with(kDeclaration)) declared = begin;
    const size_t end = source.find('\n', begin);
    begin = end == std::string_view::npos ? source.size() : end + 1;
  }
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

bool ForgetsItOnReturn(std::string_view source, int line) {
  const auto [lines, opened] = DeclarationAround(source, line);
  if (lines.empty()) return false;
  const std::string_view variable = AssignedTo(lines[opened]);
  if (variable.empty() || variable == "_") return false;
  size_t i = opened + 1;
  // Where opening it failed there is nothing to close.
  const bool checked_in_line = lines[opened].ends_with("{");
  if (checked_in_line || (i < lines.size() && lines[i].find("err != nil {") != std::string_view::npos)) {
    const size_t indent = IndentOf(lines[checked_in_line ? opened : i]);
    while (i < lines.size() && (IndentOf(lines[i]) > indent || !lines[i].substr(indent).starts_with('}')))
      ++i;
  }
  // What is done with it in the block where it was opened: behind that the other ways out of it count.
  size_t block_end = i;
  while (block_end < lines.size() &&
         (lines[block_end].empty() || IndentOf(lines[block_end]) >= IndentOf(lines[opened])))
    ++block_end;
  bool deferred = false;  // what may come at every end
  size_t defer_indent = 0;
  for (const size_t behind = i; i < lines.size(); ++i) {
    const std::string_view text = lines[i].substr(IndentOf(lines[i]));
    deferred = text.starts_with("defer ") || (deferred && IndentOf(lines[i]) > defer_indent);
    if (text.starts_with("defer ")) defer_indent = IndentOf(lines[i]);
    if (deferred && text.find(variable) != std::string_view::npos) return false;
    if (!text.starts_with("return nil")) continue;
    const size_t from = i < block_end ? behind : block_end;
    bool dealt_with = DealsWith(lines[i], variable);
    for (size_t before = from; before < i && !dealt_with; ++before) {
      const bool leaves = lines[before].substr(IndentOf(lines[before])).starts_with("return ");
      dealt_with = !leaves && DealsWith(lines[before], variable);
    }
    if (!dealt_with) return true;
  }
  return false;
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
