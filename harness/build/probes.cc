#include "harness/build/probes.h"

#include <string>
#include <utility>

namespace goleakstress::build {
namespace {

void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

}  // namespace

AgentPlace AgentPlaceFor(int go_minor) {
  if (go_minor >= 25) return {"goleakstress/agent", "agent"};
  return {"testing/iotest", "iotest"};
}

Addition LiveGlue(std::string_view probe) {
  const std::string name(probe);
  std::string file = "@AGENT@/zz_" + name + ".go";
  ReplaceAll(file, "-", "_");
  return {std::move(file), "package @PACKAGE@\n\nvar _ = live(\"" + name + "\", func() {})\n"};
}

std::vector<Probe> AllProbes(const AgentPlace& place) {
  std::vector<Probe> all;
  for (auto rows :
       {RuntimeProbes(), StackProbes(), ScheduleProbes(), LockProbes(), HeapProbes(), HeapProfileProbes(),
        TestingProbes(), ResourceProbes(), CgoProbes(), HttpProbes(), LibraryProbes()}) {
    for (Probe& probe : rows) all.push_back(std::move(probe));
  }
  const auto fill = [&place](std::string& text) {
    ReplaceAll(text, "@AGENT@", place.import_path);
    ReplaceAll(text, "@PACKAGE@", place.package_name);
  };
  for (Probe& probe : all) {
    for (Variant& variant : probe.variants) {
      for (Patch& patch : variant.patches) {
        for (Substitution& substitution : patch.substitutions) fill(substitution.replacement);
        fill(patch.append);
      }
      for (Addition& addition : variant.additions) {
        fill(addition.file);
        fill(addition.contents);
      }
    }
  }
  return all;
}

}  // namespace goleakstress::build
