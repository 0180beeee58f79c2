#include "harness/explain/lock_taker.h"

#include <fmt/format.h>

#include <algorithm>

namespace goleakstress::explain {
namespace {

// Package sync takes locks for others.
const Frame* Taking(const Stack& took, const CodeMap& code) {
  if (const Frame* culprit = Culprit(took, code)) return culprit;
  const auto frame =
      std::find_if(took.begin(), took.end(), [](const Frame& f) { return PackageOf(f.function) != "sync"; });
  return frame == took.end() ? nullptr : &*frame;
}

}  // namespace

const Frame* WhoForgotIt(const LockTaker& taker, const CodeMap& code) {
  const Frame* const took = Culprit(taker.took, code);
  const bool ended = !taker.same && taker.state.empty();
  return ended && took != nullptr && code.OwnerOf(*took) == Owner::kUser ? took : nullptr;
}

std::string InWords(const LockTaker& taker, const CodeMap& code,
                    const std::function<std::string(const Frame&)>& place_of) {
  const Frame* const took = Taking(taker.took, code);
  if (took == nullptr) return {};
  const std::string lock = fmt::format("the lock taken at {} in {}", place_of(*took), took->function);
  if (taker.same) return lock + " by the same goroutine";
  if (taker.state.empty()) return lock + " by a goroutine that has ended";
  const Frame* now = Culprit(taker.at, code);
  if (now == nullptr && !taker.at.empty()) now = &taker.at.front();
  const std::string where = now == nullptr ? "" : " at " + place_of(*now);
  if (taker.state == "running" || taker.state == "runnable")
    return fmt::format("{} by a goroutine that still runs{}", lock, where);
  return fmt::format("{} by a goroutine that waits in {}{}", lock, taker.state, where);
}

}  // namespace goleakstress::explain
