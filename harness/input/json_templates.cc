#include "harness/input/json_templates.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/input/go_lexer.h"
#include "harness/input/go_literal.h"

namespace goleakstress::input {
namespace {

constexpr size_t kMaxTokens = 200000;  // of one file
constexpr int kMaxDepth = 6;

struct Type;
struct Field {
  std::string name;  // empty: embedded
  std::shared_ptr<Type> type;
};
struct Type {
  enum Kind { kNamed, kStruct, kList, kMap, kOther } kind = kOther;
  std::string name;               // kNamed
  std::vector<Field> fields;      // kStruct
  std::shared_ptr<Type> element;  // kList, kMap
};
using TypePtr = std::shared_ptr<Type>;

// The name that encoding/json gives a field; none where it leaves the field out.
std::optional<std::string> JsonName(std::string_view go_name, std::string_view tag) {
  if (go_name.front() < 'A' || go_name.front() > 'Z') return std::nullopt;  // not exported
  const size_t key = tag.find("json:\"");
  if (key == tag.npos) return std::string(go_name);
  tag.remove_prefix(key + 6);
  tag = tag.substr(0, tag.find('"'));
  if (tag == "-") return std::nullopt;
  const std::string_view name = tag.substr(0, tag.find(','));
  return std::string(name.empty() ? go_name : name);
}

// Reads the struct types of one file. What it does not understand it skips: the worst is a template too few.
class Parser {
 public:
  explicit Parser(std::string_view source) {
    GoLexer lexer(source);
    for (GoToken token = lexer.Next(); token.kind > GoToken::kError && tokens_.size() < kMaxTokens;
         token = lexer.Next()) {
      tokens_.push_back(token);
    }
  }

  void Run(std::map<std::string, TypePtr>* named, std::vector<TypePtr>* roots) {
    while (at_ < tokens_.size()) {
      const bool is_struct = Text() == "struct" && Text(1) == "{";
      if (!is_struct) {
        ++at_;
        continue;
      }
      const std::string_view name =
          at_ >= 2 && tokens_[at_ - 1].kind == GoToken::kIdentifier ? tokens_[at_ - 1].text : "";
      const TypePtr type = ParseType(0);
      roots->push_back(type);
      if (!name.empty()) named->emplace(name, type);
    }
  }

 private:
  std::string_view Text(size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead].text : std::string_view();
  }
  bool Is(GoToken::Kind kind) const { return at_ < tokens_.size() && tokens_[at_].kind == kind; }

  // Whether the next token stands on another line than the one before it.
  bool AtLineEnd() const {
    if (at_ == 0 || at_ >= tokens_.size()) return true;
    const std::string_view before = tokens_[at_ - 1].text;
    const char* end = before.data() + before.size();
    return std::find(end, tokens_[at_].text.data(), '\n') != tokens_[at_].text.data();
  }

  // Pre: at an opening bracket. Skips to behind the one that closes it.
  void SkipBrackets() {
    int depth = 0;
    do {
      const std::string_view text = Text();
      if (text == "(" || text == "[" || text == "{") ++depth;
      if (text == ")" || text == "]" || text == "}") --depth;
      ++at_;
    } while (depth > 0 && at_ < tokens_.size());
  }

  // Skips the rest of a field's type, up to its tag or the end of the line.
  void SkipLine() {
    do {
      ++at_;
    } while (at_ < tokens_.size() && !AtLineEnd() && Text() != "}" && !Is(GoToken::kString));
  }

  static TypePtr Make(Type::Kind kind, TypePtr element = nullptr) {
    return std::make_shared<Type>(Type{kind, {}, {}, std::move(element)});
  }

  TypePtr ParseType(int depth) {
    if (depth > 4 * kMaxDepth || at_ >= tokens_.size()) return Make(Type::kOther);
    if (Text() == "*") {
      ++at_;
      return ParseType(depth + 1);
    }
    if (Text() == "[") {
      SkipBrackets();
      return Make(Type::kList, ParseType(depth + 1));
    }
    if (Text() == "map" && Text(1) == "[") {
      ++at_;
      SkipBrackets();
      return Make(Type::kMap, ParseType(depth + 1));
    }
    if (Text() == "struct" && Text(1) == "{") return ParseStruct(depth + 1);
    if (Text() == "interface" && Text(1) == "{") {
      ++at_;
      SkipBrackets();
      return Make(Type::kOther);
    }
    if (!Is(GoToken::kIdentifier) || Text() == "func" || Text() == "chan") {
      SkipLine();
      return Make(Type::kOther);
    }
    const TypePtr type = Make(Type::kNamed);
    type->name = Text();
    ++at_;
    if (Text() == ".") {
      type->name += fmt::format(".{}", Text(1));
      at_ += 2;
    }
    if (Text() == "[" && !AtLineEnd()) SkipBrackets();  // type arguments
    return type;
  }

  // Pre: at "struct {".
  TypePtr ParseStruct(int depth) {
    const TypePtr type = Make(Type::kStruct);
    at_ += 2;
    while (at_ < tokens_.size() && Text() != "}") {
      const size_t begin = at_;
      std::vector<std::string_view> names;
      while (Is(GoToken::kIdentifier)) {
        names.push_back(Text());
        ++at_;
        if (Text() != ",") break;
        ++at_;
      }
      const bool embedded =
          names.empty() || AtLineEnd() || Text() == "." || Is(GoToken::kString) || Text() == "}";
      if (embedded) {
        at_ = begin;
        names.clear();
      }
      const TypePtr field_type = ParseType(depth);
      std::string tag;
      if (Is(GoToken::kString) && !AtLineEnd()) {
        tag = UnquoteGoString(Text()).value_or("");
        ++at_;
      }
      if (embedded) type->fields.push_back({"", field_type});
      for (std::string_view name : names) {
        if (const std::optional<std::string> json = JsonName(name, tag))
          type->fields.push_back({*json, field_type});
      }
      if (Text() == ";") ++at_;
      if (at_ == begin) ++at_;
    }
    ++at_;
    return type;
  }

  std::vector<GoToken> tokens_;
  size_t at_ = 0;
};

class Writer {
 public:
  explicit Writer(const std::map<std::string, TypePtr>& named) : named_(named) {}

  std::string Write(const Type& type, int depth = 0) {
    if (depth > kMaxDepth) return "null";
    switch (type.kind) {
      case Type::kStruct:
        return fmt::format("{{{}}}", Members(type, depth));
      case Type::kList:
        if (type.element->kind == Type::kNamed && type.element->name == "byte") return "\"\"";
        return fmt::format("[{}]", Write(*type.element, depth + 1));
      case Type::kMap:
        return fmt::format("{{\"k\":{}}}", Write(*type.element, depth + 1));
      case Type::kNamed:
        return Named(type.name, depth);
      case Type::kOther:
        break;
    }
    return "null";
  }

 private:
  std::string Members(const Type& type, int depth) {
    std::string text;
    for (const Field& field : type.fields) {
      std::string member;
      if (!field.name.empty()) {
        member = fmt::format("\"{}\":{}", field.name, Write(*field.type, depth + 1));
      } else if (const auto found = named_.find(field.type->name);
                 found != named_.end() && depth < kMaxDepth) {
        member = Members(*found->second, depth + 1);
      }
      if (member.empty() || text.size() + member.size() > kMaxTemplateBytes) continue;
      text += fmt::format("{}{}", text.empty() ? "" : ",", member);
    }
    return text;
  }

  std::string Named(const std::string& name, int depth) {
    if (name == "string") return "\"\"";
    if (name == "bool") return "true";
    if (name.starts_with("int") || name.starts_with("uint") || name.starts_with("float") || name == "byte" ||
        name == "rune") {
      return "0";
    }
    if (name == "time.Time") return "\"2006-01-02T15:04:05Z\"";
    if (name == "time.Duration") return "0";
    const auto found = named_.find(name);
    return found == named_.end() ? "null" : Write(*found->second, depth + 1);
  }

  const std::map<std::string, TypePtr>& named_;
};

}  // namespace

std::vector<std::string> JsonTemplates(const std::vector<std::string>& sources) {
  std::map<std::string, TypePtr> named;
  std::vector<TypePtr> roots;
  for (const std::string& source : sources) {
    if (source.find("\"encoding/json\"") != source.npos) Parser(source).Run(&named, &roots);
  }
  Writer writer(named);
  std::vector<std::string> templates;
  for (const TypePtr& root : roots) {
    if (templates.size() == kMaxTemplates) break;
    std::string text = writer.Write(*root);
    const bool said = std::find(templates.begin(), templates.end(), text) != templates.end();
    if (text.size() > 2 && text.size() <= kMaxTemplateBytes && !said) templates.push_back(std::move(text));
  }
  return templates;
}

}  // namespace goleakstress::input
