// Reads the text of runtime.Stack(buf, true), of /debug/pprof/goroutine?debug=2 and of a crash.
//
// Written by goroutineheader, traceback1 and printAncestorTraceback in Go's runtime/traceback.go (1.21
// to 1.27). It alone tells what the binary profiles do not: the goroutine's number, what it waits for, the go
// statement that created it and, with GODEBUG=tracebackancestors=N, the stacks of the goroutines from which
// it descends.
#ifndef COLLECTORS_GOROUTINE_TEXT_H_
#define COLLECTORS_GOROUTINE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/pprof_profile.h"
#include "collectors/profile_sites.h"

namespace goleakstress::collectors {

// A goroutine that, maybe long gone, started another one.
struct Ancestor {
  int64_t id = 0;
  // Its stack when it did. Their lines are those of the return addresses, which may be one statement after
  // the call: the go statement's own line is the `created_by` of the goroutine (or ancestor) one step
  // younger.
  std::vector<Frame> frames;
  std::optional<Frame> created_by;  // absent for the main goroutine
};

struct Goroutine {
  int64_t id = 0;
  // "chan receive", "select (no cases)", "sync.Mutex.Lock", "IO wait", "running"..., without the marks that
  // follow here.
  std::string_view state;
  int64_t wait_minutes = 0;  // 0 also where the runtime does not know
  bool leaked = false;       // by the runtime's goroutine leak profile
  bool durable = false;      // waits for its synctest bubble alone
  bool locked_to_thread = false;
  int64_t synctest_bubble = 0;      // 0: in none
  std::vector<StringLabel> labels;  // with GODEBUG=tracebacklabels=1, Go 1.26 on
  std::vector<Frame> frames;  // leaf first; at most the 50 innermost and 50 outermost, as the runtime prints
  bool frames_elided = false;
  std::optional<Frame> created_by;  // the go statement; absent for the main goroutine
  int64_t parent_id = 0;            // of the goroutine that ran it; 0: unknown
  std::vector<Ancestor> ancestors;  // youngest first
};

// A goroutine that waits and was started like another one of the dump: the agent's traces say no more of it
// (harness/build/probes_stacks.cc).
struct AlikeGoroutine {
  int64_t id = 0;
  int64_t like = 0;       // the other one
  int64_t parent_id = 0;  // its own; 0: unknown
};

// Who took the lock for which a goroutine waits. The runtime does not tell; harness/agent/locks.go does, in
// its manner.
struct TakenLock {
  int64_t waiter = 0;         // goroutine
  int64_t taker = 0;          // goroutine, maybe the same or long gone
  std::vector<Frame> frames;  // of the taker when it did, leaf first
};

// Move-only: the views point into `text`.
struct GoroutineDump {
  std::vector<Goroutine> goroutines;  // in the order of the text
  std::vector<AlikeGoroutine> alike;
  // Of functions that goroutines of a library run, who started the last one, which may have ended
  // (harness/agent/starts.go): of `frames` that function alone.
  std::vector<Goroutine> starts;
  std::vector<TakenLock> locks;
  std::unique_ptr<const std::string> text;
  // The text was longer than max_bytes, or ends within a line, or says that older goroutines are left out.
  bool cut = false;
};

// The goroutine with that number, or the one that it is like; null: it has ended, or is in a part of the text
// that was cut.
const Goroutine* FindGoroutine(const GoroutineDump& dump, int64_t id);

// Never fails: what is no part of a goroutine (a panic's message, exit status) is skipped, and of a text that
// is cut somewhere all goroutines but the last are whole. Time and memory are linear in the text.
GoroutineDump ParseGoroutineText(std::string text, size_t max_bytes = size_t{64} << 20);

}  // namespace goleakstress::collectors

#endif  // COLLECTORS_GOROUTINE_TEXT_H_
