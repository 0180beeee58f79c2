#include "collectors/goroutine_text.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "collectors/proc_file.h"

namespace goleakstress::collectors {
namespace {

constexpr std::string_view kLeftOut = "older goroutines are left out\n";  // harness/agent/profiles.go
constexpr std::string_view kStarted = "started last";                     // harness/agent/starts.go

bool Consume(std::string_view* text, std::string_view prefix) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

// The decimal number at the front of the text, cut off from it.
bool ConsumeNumber(std::string_view* text, int64_t* number) {
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *number);
  if (error != std::errc() || *number < 0) return false;
  text->remove_prefix(static_cast<size_t>(end - text->data()));
  return true;
}

void AppendUtf8(uint32_t rune, std::string* out) {
  const auto put = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (rune < 0x80) {
    put(rune);
  } else if (rune < 0x800) {
    put(0xc0 | rune >> 6);
    put(0x80 | (rune & 0x3f));
  } else if (rune < 0x10000) {
    put(0xe0 | rune >> 12);
    put(0x80 | (rune >> 6 & 0x3f));
    put(0x80 | (rune & 0x3f));
  } else {
    put(0xf0 | (rune >> 18 & 0x07));
    put(0x80 | (rune >> 12 & 0x3f));
    put(0x80 | (rune >> 6 & 0x3f));
    put(0x80 | (rune & 0x3f));
  }
}

// What follows a backslash, as printquoted in runtime/print.go writes it: \n \r \t \\ \" \xNN \uNNNN
// \UNNNNNNNN.
bool ConsumeEscape(std::string_view* text, std::string* out) {
  if (text->empty()) return false;
  const char kind = text->front();
  text->remove_prefix(1);
  constexpr std::string_view kNamed = "nrt\\\"";
  if (const size_t named = kNamed.find(kind); named != std::string_view::npos) {
    out->push_back("\n\r\t\\\""[named]);
    return true;
  }
  const size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  if (digits == 0 || text->size() < digits) return false;
  const auto value = static_cast<uint32_t>(ProcNumber(text->substr(0, digits), 16));
  text->remove_prefix(digits);
  if (kind == 'x') {
    out->push_back(static_cast<char>(value));  // a byte, not a rune
  } else {
    AppendUtf8(value, out);
  }
  return true;
}

// A key or value of a label: quoted, or since Go 1.27 bare where it has none but harmless characters.
bool ConsumeLabelText(std::string_view* text, std::string* out) {
  if (!Consume(text, "\"")) {
    const size_t end = std::min(text->find_first_of(":,}"), text->size());
    out->assign(text->substr(0, end));
    text->remove_prefix(end);
    return true;
  }
  while (!text->empty()) {
    const char next = text->front();
    text->remove_prefix(1);
    if (next == '"') return true;
    if (next != '\\') {
      out->push_back(next);
    } else if (!ConsumeEscape(text, out)) {
      return false;
    }
  }
  return false;
}

// `inv: 42, "odd key": "v"}...`, after the opening brace.
void ParseLabels(std::string_view text, std::vector<StringLabel>* labels) {
  while (true) {
    StringLabel label;
    if (!ConsumeLabelText(&text, &label.key) || !Consume(&text, ": ")) return;
    if (!ConsumeLabelText(&text, &label.value)) return;
    labels->push_back(std::move(label));
    if (!Consume(&text, ", ")) return;
  }
}

// "chan receive (leaked), 2 minutes, locked to thread, synctest bubble 3"
void ParseState(std::string_view text, Goroutine* goroutine) {
  const auto next_part = [&text] {
    const size_t end = std::min(text.find(", "), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    return part;
  };
  const auto consume_mark = [goroutine](std::string_view mark) {
    if (!goroutine->state.ends_with(mark)) return false;
    goroutine->state.remove_suffix(mark.size());
    return true;
  };
  goroutine->state = next_part();
  // In the opposite order of printing: the last comes off first. A wait reason may itself end in "
  // (durable)".
  if (consume_mark(" (durable)")) goroutine->durable = true;
  consume_mark(" (scan)");
  if (consume_mark(" (leaked)")) goroutine->leaked = true;
  if (consume_mark(" (durable)")) goroutine->durable = true;
  while (!text.empty()) {
    std::string_view part = next_part();
    int64_t number = 0;
    if (part == "locked to thread") {
      goroutine->locked_to_thread = true;
    } else if (Consume(&part, "synctest bubble ")) {
      if (ConsumeNumber(&part, &number)) goroutine->synctest_bubble = number;
    } else if (ConsumeNumber(&part, &number) && part == " minutes") {
      goroutine->wait_minutes = number;
    }
  }
}

// `goroutine 7 [select]:`; crashes put ` gp=0xc0000061c0 m=0 mp=0x5e6a40` before the bracket; labels stand
// inside it as ` labels:{"k": "v"}` (Go 1.26) or behind it as ` {k: v}` (Go 1.27).
bool ParseHeader(std::string_view line, Goroutine* goroutine) {
  if (!Consume(&line, "goroutine ") || !ConsumeNumber(&line, &goroutine->id) || !line.ends_with(':'))
    return false;
  const size_t open = line.find(" [");
  if (open == std::string_view::npos) return false;
  line.remove_prefix(open + 2);
  constexpr std::string_view kInside = " labels:{";
  constexpr std::string_view kBehind = "] {";
  const size_t close = line.find(']');
  if (close == std::string_view::npos) return false;
  const size_t inside = line.find(kInside);
  if (inside < close) {
    ParseLabels(line.substr(inside + kInside.size()), &goroutine->labels);
  } else if (line.substr(close).starts_with(kBehind)) {
    ParseLabels(line.substr(close + kBehind.size()), &goroutine->labels);
  }
  ParseState(line.substr(0, std::min(inside, close)), goroutine);
  return true;
}

// "goroutine 12 [like goroutine 345 in goroutine 6]:"
bool ParseAlike(std::string_view line, AlikeGoroutine* alike) {
  return Consume(&line, "goroutine ") && ConsumeNumber(&line, &alike->id) &&
         Consume(&line, " [like goroutine ") && ConsumeNumber(&line, &alike->like) &&
         Consume(&line, " in goroutine ") && ConsumeNumber(&line, &alike->parent_id) && line == "]:";
}

// "\t/src/main.go:24 +0x1d fp=0xc000", or without what follows the line number.
bool ParsePlace(std::string_view text, Frame* frame) {
  if (!Consume(&text, "\t")) return false;
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  std::string_view number = text.substr(colon + 1);
  if (!ConsumeNumber(&number, &frame->line) || !(number.empty() || number.starts_with(' '))) return false;
  frame->file = text.substr(0, colon);
  return true;
}

// "lock of goroutine 12 taken by goroutine 10:"
bool ParseLock(std::string_view line, TakenLock* lock) {
  return Consume(&line, "lock of goroutine ") && ConsumeNumber(&line, &lock->waiter) &&
         Consume(&line, " taken by goroutine ") && ConsumeNumber(&line, &lock->taker) && line == ":";
}

// Goes through the text line by line: a call or "created by" waits for the place in the line that follows it.
class DumpParser {
 public:
  explicit DumpParser(GoroutineDump* dump)
      : goroutines_(dump->goroutines), alike_(dump->alike), locks_(dump->locks) {}

  void Line(std::string_view line) {
    const auto place_of = std::exchange(awaiting_place_, Awaiting::kNothing);
    if (place_of != Awaiting::kNothing && ParsePlace(line, &pending_)) {
      Add(place_of);
      return;
    }
    Goroutine goroutine;
    AlikeGoroutine alike;
    TakenLock lock;
    if (ParseAlike(line, &alike)) {
      alike_.push_back(alike);
      in_ = In::kNothing;
    } else if (ParseHeader(line, &goroutine)) {
      goroutines_.push_back(std::move(goroutine));
      in_ = In::kGoroutine;
    } else if (ParseLock(line, &lock)) {
      locks_.push_back(std::move(lock));
      in_ = In::kLock;
    } else if (line.empty()) {
      in_ = In::kNothing;
    } else if (in_ == In::kGoroutine) {
      InsideGoroutine(line);
    } else if (in_ == In::kLock) {
      pending_ = {};
      AwaitCall(line);
    }
  }

 private:
  enum class In { kNothing, kGoroutine, kLock };
  enum class Awaiting { kNothing, kCall, kCreatedBy };

  void Add(Awaiting what) {
    if (in_ == In::kLock) {
      locks_.back().frames.push_back(pending_);
      return;
    }
    Goroutine& goroutine = goroutines_.back();
    Ancestor* const ancestor = goroutine.ancestors.empty() ? nullptr : &goroutine.ancestors.back();
    if (what == Awaiting::kCreatedBy) {
      (ancestor != nullptr ? ancestor->created_by : goroutine.created_by) = pending_;
    } else {
      (ancestor != nullptr ? ancestor->frames : goroutine.frames).push_back(pending_);
    }
  }

  // Arguments hold no parentheses of their own, but the function's name does: main.(*T).Run(0x1, {0x2, 0x3}).
  void AwaitCall(std::string_view line) {
    if (!line.ends_with(')') || line.starts_with('\t')) return;
    pending_.function = line.substr(0, std::min(line.rfind('('), line.size()));
    awaiting_place_ = Awaiting::kCall;
  }

  void InsideGoroutine(std::string_view line) {
    Goroutine& goroutine = goroutines_.back();
    pending_ = {};
    if (Consume(&line, "[originating from goroutine ")) {
      ConsumeNumber(&line, &goroutine.ancestors.emplace_back().id);
    } else if (Consume(&line, "created by ")) {
      constexpr std::string_view kParent = " in goroutine ";
      const size_t parent = std::min(line.rfind(kParent), line.size());
      pending_.function = line.substr(0, parent);
      line.remove_prefix(parent);
      if (Consume(&line, kParent)) ConsumeNumber(&line, &goroutine.parent_id);
      awaiting_place_ = Awaiting::kCreatedBy;
    } else if (line.starts_with("...") && line.ends_with(" elided...")) {
      if (goroutine.ancestors.empty()) goroutine.frames_elided = true;
    } else if (line.starts_with("non-Go function")) {
      pending_.function = "non-Go function";
      Add(Awaiting::kCall);
    } else {
      AwaitCall(line);
    }
  }

  std::vector<Goroutine>& goroutines_;
  std::vector<AlikeGoroutine>& alike_;
  std::vector<TakenLock>& locks_;
  In in_ = In::kNothing;
  Awaiting awaiting_place_ = Awaiting::kNothing;
  Frame pending_;
};

}  // namespace

const Goroutine* FindGoroutine(const GoroutineDump& dump, int64_t id) {
  const auto alike = std::find_if(dump.alike.begin(), dump.alike.end(),
                                  [id](const AlikeGoroutine& other) { return other.id == id; });
  if (alike != dump.alike.end()) id = alike->like;
  const auto found = std::find_if(dump.goroutines.begin(), dump.goroutines.end(),
                                  [id](const Goroutine& goroutine) { return goroutine.id == id; });
  return found == dump.goroutines.end() ? nullptr : &*found;
}

GoroutineDump ParseGoroutineText(std::string text, size_t max_bytes) {
  GoroutineDump dump;
  dump.cut = text.size() > max_bytes || (!text.empty() && text.back() != '\n') || text.starts_with(kLeftOut);
  text.resize(std::min({text.size(), max_bytes}));
  // Half a line would be misread: a cut "main.go:123" still looks like a place.
  text.resize(text.rfind('\n') + 1);
  dump.text = std::make_unique<const std::string>(std::move(text));
  DumpParser parser(&dump);
  ForEachLine(*dump.text, [&parser](std::string_view line) { parser.Line(line); });
  std::vector<Goroutine> all = std::exchange(dump.goroutines, {});
  for (Goroutine& goroutine : all) {
    (goroutine.state == kStarted ? dump.starts : dump.goroutines).push_back(std::move(goroutine));
  }
  return dump;
}

}  // namespace goleakstress::collectors
