// Whose a resource is: a function that returns it hands it on, so it is its caller who must close it.
//
// Pure functions on values; thread-safe.
#ifndef HARNESS_EXPLAIN_OWNER_H_
#define HARNESS_EXPLAIN_OWNER_H_

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/stack.h"

namespace goleakstress::explain {

// The text of a source file, or of the Go files of a directory ("/app/store/") behind each other; empty where
// it cannot be read.
using ReadSource = std::function<std::string(const std::string& path)>;

// The results of the function declaration that `line` (from 1) of a Go file stands in, as written:
// "*http.Response, error". Empty where there are none, or where no declaration is found. Declarations begin
// at the first column, as gofmt has it.
std::string DeclaredResults(std::string_view source, int line);

// The words of results that may name types of the function's own package.
std::vector<std::string_view> OwnTypes(std::string_view results);

// Whether a type of Go's own library, "net.Conn", is one that can be given up.
bool IsHandle(std::string_view type);

// The text of the package of `file`, which holds `source`; that alone where the package cannot be read.
std::string PackageAround(const std::string& file, const std::string& source, const ReadSource& read);

// Whether a function with these results hands on a resource of the kind (Site::kind, "http.body") by the
// types that Go's own library gives it: http.Response, os.File, sql.Rows...
bool HandsOn(std::string_view kind, std::string_view results);

// The types of the user's own in which the function around `line` hands on what it opened there, as a
// constructor does: results of its, made of what was opened, whose type in the text of their package can be
// given up (closable.h). "func()" stands for a function, and io.Closer for what may be
// one, that it returns for the same purpose.
std::set<std::string> WrappersOf(std::string_view source, int line, std::string_view package);

// The user's frame that is left with a resource of the kind which `acquirer`, a frame of `stack`, opened: the
// first one, from there to the root, that does not return it, neither as it is nor wrapped, or forgets to on
// some way, or keeps it for the next time. A closure's results are not known: it keeps what it opens. Where
// the one who got it wrapped defers to give it up, the constructor keeps it. What context.AfterFunc began is
// kept by whoever drops its stop.
const Frame* OwnerOf(const Stack& stack, const Frame* acquirer, std::string_view kind, const CodeMap& code,
                     const ReadSource& read);

}  // namespace goleakstress::explain

#endif  // HARNESS_EXPLAIN_OWNER_H_
