// Descendants of a child that left its process group.
#pragma once

#include <string>
#include <string_view>

namespace goleakstress::target {

// The variable that marks every descendant of a child: environments are inherited, unlike groups and
// sessions, which a program may leave (a daemon does, and so does exec.Command with Setpgid).
inline constexpr std::string_view kMarkerVariable = "GOLEAKSTRESS_CHILD";

// A value for it that no other child of any process has had.
std::string NewMarker();

// Kills every process that carries the marker, until none is left or 20 rounds have passed (a program that
// forks faster than /proc can be read). Processes whose environment we may not read are passed over. Returns
// how many were killed.
int KillMarked(std::string_view marker);

}  // namespace goleakstress::target
