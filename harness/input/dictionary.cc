#include "harness/input/dictionary.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "harness/input/file_bytes.h"
#include "harness/input/go_lexer.h"
#include "harness/input/go_literal.h"
#include "harness/input/json_templates.h"

namespace goleakstress::input {
namespace {

constexpr size_t kMaxFiles = 200;
constexpr size_t kMaxFileBytes = size_t{1} << 20;

template <typename T>
void InsertSorted(T value, size_t limit, std::vector<T>* into) {
  const auto at = std::lower_bound(into->begin(), into->end(), value);
  if ((at == into->end() || *at != value) && into->size() < limit) into->insert(at, std::move(value));
}

void AddWord(std::string_view word, Dictionary* to) {
  if (word.empty() || word.size() > Dictionary::kMaxWordBytes) return;
  InsertSorted(std::string(word), Dictionary::kMaxWords, &to->words);
}

// A struct tag, key:"name,options" key:"name"...: the names are what parsers look for in their input.
void AddTagNames(std::string_view tag, Dictionary* to) {
  for (size_t at = tag.find(":\""); at != tag.npos; at = tag.find(":\"")) {
    tag.remove_prefix(at + 2);
    const size_t end = tag.find('"');
    if (end == tag.npos) return;
    const std::string_view name = tag.substr(0, std::min(end, tag.find(',')));
    if (name != "-") AddWord(name, to);
    tag.remove_prefix(end + 1);
  }
}

// What time.Parse takes is seldom guessed: the constant's own text is an example of it.
void AddTimeLayout(std::string_view name, Dictionary* to) {
  static constexpr std::pair<std::string_view, std::string_view> kLayouts[] = {
      {"DateOnly", "2006-01-02"},
      {"TimeOnly", "15:04:05"},
      {"DateTime", "2006-01-02 15:04:05"},
      {"RFC3339", "2006-01-02T15:04:05Z"},
      {"RFC3339Nano", "2006-01-02T15:04:05.999999999Z"},
      {"RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"},
      {"RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"},
      {"RFC822", "02 Jan 06 15:04 MST"},
      {"RFC850", "Monday, 02-Jan-06 15:04:05 MST"},
      {"ANSIC", "Mon Jan  2 15:04:05 2006"},
      {"UnixDate", "Mon Jan  2 15:04:05 MST 2006"},
      {"Kitchen", "3:04PM"}};
  for (const auto& [layout, example] : kLayouts) {
    if (name == layout) AddWord(example, to);
  }
}

// Skips what follows the keyword import: one string, with or without a name before it, or such in
// parentheses.
void SkipImport(GoLexer* lexer) {
  GoToken token = lexer->Next();
  if (token.text != "(") {
    if (token.kind != GoToken::kString) lexer->Next();
    return;
  }
  while (token.text != ")" && token.kind != GoToken::kEnd && token.kind != GoToken::kError)
    token = lexer->Next();
}

}  // namespace

void AddGoSource(std::string_view source, Dictionary* dictionary) {
  GoLexer lexer(source);
  bool of_time = false;  // the tokens before were "time" and "."
  std::string_view before;
  for (GoToken token = lexer.Next(); token.kind != GoToken::kEnd && token.kind != GoToken::kError;
       token = lexer.Next()) {
    if (of_time) AddTimeLayout(token.text, dictionary);
    of_time = before == "time" && token.text == ".";
    before = token.text;
    if (token.kind == GoToken::kIdentifier && token.text == "import") {
      SkipImport(&lexer);
    } else if (token.kind == GoToken::kString) {
      const std::optional<std::string> text = UnquoteGoString(token.text);
      if (!text) continue;
      AddWord(*text, dictionary);
      if (token.text.front() == '`') AddTagNames(*text, dictionary);
    } else if (token.kind == GoToken::kRune) {
      const std::optional<char32_t> rune = UnquoteGoRune(token.text);
      if (!rune) continue;
      InsertSorted<uint64_t>(*rune, Dictionary::kMaxIntegers, &dictionary->integers);
      std::string word;
      if (IsValidRune(*rune)) AppendRune(*rune, &word);
      AddWord(word, dictionary);
    } else if (token.kind == GoToken::kInteger) {
      const std::optional<uint64_t> number = ParseGoInteger(token.text, false, 64);
      if (number) InsertSorted(*number, Dictionary::kMaxIntegers, &dictionary->integers);
    }
  }
}

Dictionary ReadPackageDictionary(const std::string& directory) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".go") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  files.resize(std::min(files.size(), kMaxFiles));
  std::vector<std::string> sources;
  for (const std::string& file : files) {
    absl::StatusOr<std::string> source = ReadFileBytes(file, kMaxFileBytes);
    if (source.ok()) sources.push_back(*std::move(source));
  }
  Dictionary dictionary;
  for (const std::string& source : sources) AddGoSource(source, &dictionary);
  dictionary.templates = JsonTemplates(sources);
  return dictionary;
}

}  // namespace goleakstress::input
