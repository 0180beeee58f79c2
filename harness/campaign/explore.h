// Before the experiment on a fuzz entry: which inputs is it to be made with?
//
// A first look at the plain target tells whether any input will do. If not, libFuzzer hunts for others, with
// the edges that calls reach and what they leave behind as its guides (input/fuzz_source.h), in a target that
// is built a second time for that. What it finds are hints: the experiment judges them, in a fresh process of
// the plain target.
#ifndef HARNESS_CAMPAIGN_EXPLORE_H_
#define HARNESS_CAMPAIGN_EXPLORE_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "harness/campaign/entry_run.h"
#include "harness/input/value.h"
#include "harness/proto/report.pb.h"

namespace goleakstress::campaign {

struct HuntOptions {
  Clock::duration limit{};  // for the look and the hunt
  // Also where any input leaves something, until the time is over: though what leaks was found, or nothing
  // new.
  bool to_the_end = false;
  // Places that are no news any more: what leaves something there is neither in the pool nor looked into.
  std::set<uint64_t> known = {};
};

struct Explored {
  // What the experiment is to repeat, in this order; empty: whatever the generator repeats.
  std::vector<input::Input> pool = {};
  bool row = false;  // the pool leaks as a whole, one call after the other
  // What fresh inputs are made from, those of `pool` first; empty: the entry's own seeds.
  std::vector<input::Input> seeds = {};
  report::Exploration summary = {};
  // Panics, exits, crashes and hangs met on the way, each kind once, with the smallest input that showed it.
  std::vector<report::Crash> crashes = {};
  std::vector<std::string> notes = {};
  bool can_hunt = false;  // the entry takes inputs, and nothing is known to keep libFuzzer from it
  uint64_t gained = 0;    // edges and buckets that no input kept before had reached
  std::vector<uint64_t> places = {};  // where inputs of the pool leave something; the heap is one place
};

// The place of everything that only the heap shows.
inline constexpr uint64_t kHeapPlace = 1;

// A third of the job's budget.
HuntOptions UsualHunt(const EntryJob& job);

// Takes at most its limit, less where nothing new is found, and next to nothing where any input leaves
// something behind; building the second binary is not counted. Never fails: what goes wrong is a note, and
// the experiment does with the generator's inputs. Same rules for threads as RunEntry. Pre: the job's kind is
// ENTRY_FUZZ.
Explored Explore(const EntryJob& job, const HuntOptions& options, const ProgressSink& progress);

}  // namespace goleakstress::campaign

#endif  // HARNESS_CAMPAIGN_EXPLORE_H_
