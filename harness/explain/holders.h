// The variables of a Go function that hold what it opened, and what it does with them. Told by the text, as
// gofmt has it.
//
// Pure; thread-safe.
#ifndef HARNESS_EXPLAIN_HOLDERS_H_
#define HARNESS_EXPLAIN_HOLDERS_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/go_source.h"

namespace goleakstress::explain {

using Variables = std::set<std::string, std::less<>>;

// How deep a line is indented.
size_t IndentOf(std::string_view line);

// A line without its indent.
std::string_view StatementOf(std::string_view line);

// The variables that a line assigns to: "resp", "err" of `resp, err := client.Do(req)`.
std::vector<std::string_view> AssignedTo(std::string_view line);

// What line `declaration.at` assigns its call's results to, without errors, and behind it what they are made
// part of: `w` of `w := &Conn{conn: c}` and of `w.conn = c`. A reader of the contents is none: `b` of
// `b := io.ReadAll(f)`.
Variables HoldersOf(const Declaration& declaration);

// Whether a method or function of this name is there to give something up: Close, Stop, Release... What
// closes one half (CloseSend, CloseWrite) or what is idle is not.
bool GivesUp(std::string_view name);

// Whether a line gives one of the holders up, or hands it to a function that may: one that is called for what
// it does, not for what it returns, or to make the error.
bool DealsWith(std::string_view line, const Variables& holders);

// Whether a line calls what gives one of the holders up: `l.Close()`, `cancel()`.
bool GivesOneUp(std::string_view line, const Variables& holders);

// Whether a line puts one of the holders where it outlives a turn of a loop: a slice, a map, a channel.
bool Stores(std::string_view line, const Variables& holders);

// Whether the text names one of the variables, for whatever.
bool NamesOne(std::string_view text, const Variables& variables);

// Whether a return behind line `declaration.at` hands one of the holders to the caller: by itself, in what
// holds it, or as a function that gives it up.
bool ReturnsOne(const Declaration& declaration, const Variables& holders, std::string_view results);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_HOLDERS_H_
