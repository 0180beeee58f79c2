// Probes that count things that must be closed, each with the stack that acquired it: database/sql, context,
// time, runtime.
#include <string>

#include "harness/build/probes.h"

namespace goleakstress::build {
namespace {

// What database/sql hands out. A statement that nobody can reach any more is gone with its database; what
// holds a connection never is.
Probe SqlProbe() {
  Probe probe;
  probe.name = "sql";
  probe.lost =
      "unclosed handles of database/sql show as connections and goroutines, not at the caller's line";
  Variant variant;
  const auto field = [](const std::string& type) {
    const std::string head = "type " + type + " struct {\n";
    return Substitution{.anchor = head, .replacement = head + "\tgoleakstress *agent.Ticket\n\n"};
  };
  const auto closed = [](const std::string& head, const std::string& receiver) {
    return Substitution{.anchor = head + " {\n",
                        .replacement = head + " {\n\t" + receiver + ".goleakstress.Close()\n"};
  };
  const auto before = [](const std::string& anchor, const std::string& inserted) {
    return Substitution{.anchor = anchor, .replacement = inserted + anchor};
  };
  variant.patches.push_back(
      {.file = "database/sql/sql.go",
       .substitutions = {
           field("Rows"),
           field("Stmt"),
           field("Tx"),
           field("Conn"),
           field("DB"),
           {.anchor = "func (rs *Rows) initContextClose(ctx, txctx context.Context) {\n",
            .replacement = "func (rs *Rows) initContextClose(ctx, txctx context.Context) "
                           "{\n\trs.goleakstress = agent.Opened(\"sql.rows\")\n"},
           closed("func (rs *Rows) close(err error) error", "rs"),
           {.anchor = "\tstmt := &Stmt{\n",
            .replacement = "\tstmt := &Stmt{\n\t\tgoleakstress: agent.Opened(\"sql.stmt\").Collectable(),\n"},
           closed("func (s *Stmt) Close() error", "s"),
           before("\tgo tx.awaitDone()\n", "\ttx.goleakstress = agent.Opened(\"sql.tx\")\n"),
           closed("func (tx *Tx) close(err error)", "tx"),
           {.anchor = "\tconn := &Conn{\n",
            .replacement = "\tconn := &Conn{\n\t\tgoleakstress: agent.Opened(\"sql.conn\"),\n"},
           closed("func (c *Conn) close(err error) error", "c"),
           before("\tgo db.connectionOpener(ctx)\n", "\tdb.goleakstress = agent.Opened(\"sql.db\")\n"),
           closed("func (db *DB) Close() error", "db"),
           {.anchor = "import (\n\t\"context\"\n",
            .replacement = "import (\n\tagent \"@AGENT@\"\n\t\"context\"\n"}}});
  variant.additions.push_back(LiveGlue("sql"));
  probe.variants = {variant};
  return probe;
}

// A context that is a child of one that lives on, until it is cancelled. Children of a parent that nobody can
// reach are gone with it.
Probe ContextProbe() {
  Probe probe;
  probe.name = "context";
  probe.lost = "contexts that are never cancelled show as memory of package context";
  Variant variant;
  variant.patches.push_back(
      {.file = "context/context.go",
       .substitutions = {
           {.anchor = "type cancelCtx struct {\n\tContext\n",
            .replacement = "type cancelCtx struct {\n\tContext\n\n\tgoleakstress interface{ Close() } // "
                           "nil: not counted\n"},
           {.anchor = "\t\t\tp.children[child] = struct{}{}\n",
            .replacement = "\t\t\tp.children[child] = struct{}{}\n\t\t\tif goleakstressOpened != nil {\n"
                           "\t\t\t\tc.goleakstress = goleakstressOpened()\n\t\t\t}\n"},
           {.anchor = "\t\treturn // already canceled\n\t}\n",
            .replacement = "\t\treturn // already canceled\n\t}\n\tif c.goleakstress != nil {\n"
                           "\t\tc.goleakstress.Close()\n\t\tc.goleakstress = nil\n\t}\n"}}});
  variant.additions.push_back({"context/zz_goleakstress.go", R"go(package context

import _ "unsafe"

// goleakstressOpened is called when a parent takes a child.
//
//go:linkname goleakstressOpened
var goleakstressOpened func() interface{ Close() }
)go"});
  variant.additions.push_back({"@AGENT@/zz_context.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname contextOpened context.goleakstressOpened
var contextOpened func() interface{ Close() }

var _ = live("context", func() {
	connectors = append(connectors, func() {
		contextOpened = func() interface{ Close() } { return Opened("context").Collectable() }
	})
})
)go"});
  probe.variants = {variant};
  return probe;
}

// Timers that will call a function, and tickers that a goroutine waits for: those that stand in the heap of a
// P. Others the garbage collector takes by itself since Go 1.23, unless GODEBUG has asynctimerchan=1, as
// modules of Go 1.22 and before have it up to Go 1.26.
Probe TimerProbe() {
  Probe probe;
  probe.name = "timer";
  probe.lost =
      "timers and tickers that are never stopped show as memory or goroutines, not at the line that made "
      "them";
  Variant variant;
  variant.patches.push_back(
      {.file = "time/sleep.go",
       .substitutions = {
           {.anchor = R"(\treturn (\(\*Timer\)\()?newTimer\(when\(d\), 0, goFunc, f, nil\)\)?\n)",
            .replacement = "\tt := (*Timer)(newTimer(when(d), 0, goFunc, f, nil))\n"
                           "\tif goleakstressTimer != nil {\n"
                           "\t\tgoleakstressTimer(unsafe.Pointer(t), false)\n\t}\n\treturn t\n",
            .regex = true},
           {.anchor = R"(\tt := (\(\*Timer\)\()?newTimer\(when\(d\), 0, sendTime, c, syncTimer\(c\)\)\)?\n)",
            .replacement = "\tof := syncTimer(c)\n"
                           "\tt := (*Timer)(newTimer(when(d), 0, sendTime, c, of))\n"
                           "\tif of == nil && goleakstressTimer != nil {\n"
                           "\t\tgoleakstressTimer(unsafe.Pointer(t), false)\n\t}\n",
            .regex = true}}});
  variant.patches.push_back(
      {.file = "time/tick.go",
       .substitutions = {{.anchor = "\tt.C = c\n",
                          .replacement = "\tt.C = c\n\tif goleakstressTimer != nil {\n"
                                         "\t\tgoleakstressTimer(unsafe.Pointer(t), true)\n\t}\n"}}});
  variant.additions.push_back({"time/zz_goleakstress.go", R"go(package time

import "unsafe"

// goleakstressTimer is told of every ticker, and of every timer that calls a function, or else stays until it fires or is stopped.
//
//go:linkname goleakstressTimer
var goleakstressTimer func(t unsafe.Pointer, ticker bool)
)go"});
  variant.additions.push_back({"runtime/zz_goleakstress_timers.go", R"go(package runtime

import "unsafe"

// goleakstressTimers lists the timers that wait to fire: addresses as package time has them, plus one for those that
// repeat. It returns how many there are, also where into is too short for them.
//
//go:linkname goleakstressTimers
var goleakstressTimers = func(into []uint64) int {
	n := 0
	lock(&allpLock)
	for _, pp := range allp {
		if pp == nil {
			continue
		}
		lock(&pp.timers.mu)
		for _, tw := range pp.timers.heap {
			t := tw.timer
			if t.astate.Load()&timerZombie != 0 || t.isChan && t.period == 0 {
				continue
			}
			if n < len(into) {
				number := uint64(uintptr(unsafe.Pointer(t)) - unsafe.Offsetof(timeTimer{}.timer))
				if t.period > 0 {
					number++
				}
				into[n] = number
			}
			n++
		}
		unlock(&pp.timers.mu)
	}
	unlock(&allpLock)
	return n
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_timer.go", R"go(package @PACKAGE@

import "unsafe"

//go:linkname timeTimer time.goleakstressTimer
var timeTimer func(t unsafe.Pointer, ticker bool)

//go:linkname runtimeTimers runtime.goleakstressTimers
var runtimeTimers func(into []uint64) int

var _ = live("timer", func() {
	connectors = append(connectors, func() {
		there := func(map[uint64]owner) map[uint64]bool { return numbersThere(runtimeTimers) }
		timers, tickers := newPolled("time.timer", there), newPolled("time.ticker", there)
		timeTimer = func(t unsafe.Pointer, ticker bool) {
			if number := uint64(uintptr(t)); ticker {
				tickers.begins(number + 1)
			} else {
				timers.begins(number)
			}
		}
	})
})
)go"});
  probe.variants = {variant};
  return probe;
}

// Goroutines that hold a thread for themselves. One that ends takes its thread along.
Probe ThreadProbe() {
  Probe probe;
  probe.name = "thread";
  probe.lost = "goroutines that keep a thread show as goroutines, not at their runtime.LockOSThread";
  Variant variant;
  variant.patches.push_back(
      {.file = "runtime/proc.go",
       .substitutions = {{.anchor = "\tgp := getg()\n\tgp.m.lockedExt++\n\tif gp.m.lockedExt == 0 {\n",
                          .replacement =
                              "\tgp := getg()\n\tif goleakstressLocks != nil && gp.m.lockedExt == 0 {\n"
                              "\t\tgoleakstressLocks(gp.goid)\n\t}\n"
                              "\tgp.m.lockedExt++\n\tif gp.m.lockedExt == 0 {\n"}}});
  variant.additions.push_back({"runtime/zz_goleakstress_locked.go", R"go(package runtime

import _ "unsafe"

// goleakstressLocks is told of a goroutine that takes its thread for itself.
//
//go:linkname goleakstressLocks
var goleakstressLocks func(goid uint64)

// goleakstressLocked lists the goroutines that have a thread for themselves. It returns how many there are, also where
// into is too short for them.
//
//go:linkname goleakstressLocked
var goleakstressLocked = func(into []uint64) int {
	n := 0
	forEachGRace(func(gp *g) {
		if gp.lockedm == 0 || readgstatus(gp)&^_Gscan == _Gdead {
			return
		}
		if n < len(into) {
			into[n] = gp.goid
		}
		n++
	})
	return n
}
)go"});
  variant.additions.push_back({"@AGENT@/zz_thread.go", R"go(package @PACKAGE@

import _ "unsafe"

//go:linkname runtimeLocks runtime.goleakstressLocks
var runtimeLocks func(goid uint64)

//go:linkname runtimeLocked runtime.goleakstressLocked
var runtimeLocked func(into []uint64) int

var _ = live("thread", func() {
	connectors = append(connectors, func() {
		locked := newPolled("thread.locked", func(map[uint64]owner) map[uint64]bool { return numbersThere(runtimeLocked) })
		runtimeLocks = locked.begins
	})
})
)go"});
  probe.variants = {variant};
  return probe;
}

}  // namespace

std::vector<Probe> LibraryProbes() { return {SqlProbe(), ContextProbe(), TimerProbe(), ThreadProbe()}; }

}  // namespace goleakstress::build
