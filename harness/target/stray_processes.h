// Descendants of a child that left its process group.
#pragma once

#include <string>
#include <string_view>

namespace goleakstress::target {

// The variable that marks every descendant of a child: environments are inherited, unlike groups and
// sessions, which a program may leave (a daemon does, and so does exec.Command with Setpgid).
inline constexpr std::string_view kMarkerVariable = "GOLEAKSTRESS_CHILD";

// What the values of all our children begin with; no other process uses it.
std::string MarkerPrefix();
// A value that no other child has had.
std::string NewMarker();

// Kills every process with a value that begins with `marker`, until none is left or 20 rounds have passed (a
// program that forks faster than /proc can be read). Processes whose environment we may not read are passed
// over. Returns how many were killed.
int KillMarked(std::string_view marker);

}  // namespace goleakstress::target
