#include "harness/campaign/moved_on.h"

#include <algorithm>
#include <map>
#include <string>

#include "harness/campaign/series.h"

namespace goleakstress::campaign {

namespace {

constexpr double kLeastThings = 16;
constexpr double kReleased = 0.5;  // of what came
constexpr double kMost = 0.6;      // of what was released, that is there again
constexpr double kAlike = 1.5;     // times as much
constexpr double kSameShare = 2;   // times, from one hold to another

struct Change {
  size_t site;
  double amount;
};

// Of one kind of memory.
struct Changes {
  std::vector<Change> fell, rose;
};

}  // namespace

std::vector<MovedOn> WhatMovedOn(const std::vector<explain::Site>& sites, const std::vector<double>& first,
                                 const std::vector<double>& before, const std::vector<double>& now,
                                 const std::vector<double>& things) {
  std::map<std::string, Changes> kinds;
  for (size_t i = 0; i < sites.size(); ++i) {
    if (sites[i].family != explain::Family::kHeap || sites[i].stack.empty()) continue;
    const double rose = LevelIn(now, i) - LevelIn(before, i), came = LevelIn(before, i) - LevelIn(first, i);
    if (rose >= kLeastThings * things[i]) kinds[sites[i].kind].rose.push_back({i, rose});
    if (-rose >= kLeastThings * things[i] && -rose >= kReleased * came)
      kinds[sites[i].kind].fell.push_back({i, -rose});
  }
  std::vector<MovedOn> moved;
  const auto less = [](const Change& a, const Change& b) { return a.amount < b.amount; };
  for (auto& [kind, changes] : kinds) {
    if (changes.rose.empty()) continue;
    double fell = 0;
    for (const Change& change : changes.fell) fell += change.amount;
    const Change most = *std::max_element(changes.rose.begin(), changes.rose.end(), less);
    for (const Change& from : changes.fell) {
      if (most.amount >= kMost * fell) {
        moved.push_back({from.site, most.site, from.amount, most.amount / fell});
        continue;
      }
      const auto alike = std::find_if(changes.rose.begin(), changes.rose.end(), [&](const Change& to) {
        return to.amount >= kMost * from.amount && to.amount <= kAlike * from.amount;
      });
      if (alike == changes.rose.end()) continue;
      moved.push_back({from.site, alike->site, from.amount, alike->amount / from.amount});
      changes.rose.erase(alike);
    }
  }
  return moved;
}

std::vector<MovedOn> MovedAgain(const std::vector<MovedOn>& moved, const std::vector<double>& before,
                                const std::vector<double>& now, const std::vector<double>& things) {
  std::map<size_t, double> fell;  // by where it went
  for (const MovedOn& move : moved)
    fell[move.to] += std::max(0.0, LevelIn(before, move.from) - LevelIn(now, move.from));
  std::vector<MovedOn> again;
  for (const MovedOn& move : moved) {
    const double rose = LevelIn(now, move.to) - LevelIn(before, move.to), due = move.share * fell[move.to];
    if (due >= kLeastThings * things[move.to] && rose >= due / kSameShare && rose <= due * kSameShare)
      again.push_back(move);
  }
  return again;
}

double SumThatStays(const std::vector<size_t>& parts, const std::vector<double>& before,
                    const std::vector<double>& now, const std::vector<MovedOn>& moved) {
  double sum = 0;
  for (const size_t part : parts) sum += std::min(LevelIn(before, part), LevelIn(now, part));
  for (const MovedOn& move : moved) {
    if (std::find(parts.begin(), parts.end(), move.from) != parts.end()) sum += move.share * move.fell;
  }
  return sum;
}

}  // namespace goleakstress::campaign
