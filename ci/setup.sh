# Sourced by the scripts here: finds the checkout, installs what is missing, builds. Quiet when nothing is to do.
# shellcheck shell=bash

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  printf 'goleakstress: %s\n' "$1" >&2
  exit 3
}

# Installs the Debian packages of ci/packages.txt that are missing.
install_packages() {
  local wanted missing
  mapfile -t wanted <"$checkout/ci/packages.txt"
  command -v dpkg-query >/dev/null ||
    fail "this is no Debian: install by hand what corresponds to ci/packages.txt, then build with cmake --preset release"
  missing=$(comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^[hi]i  *//p' | sort))
  [ -z "$missing" ] && return
  local list=${missing//$'\n'/ }
  [ "$(id -u)" = 0 ] || fail "these Debian packages are missing: $list; as root: apt-get install $list"
  printf 'goleakstress: installing %s\n' "$list" >&2
  local log
  log=$(mktemp)
  # shellcheck disable=SC2086 # one word a package
  if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $list; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    fail "apt-get could not install: $list"
  fi
  rm -f "$log"
}

need_go() {
  command -v go >/dev/null || fail "there is no go on PATH: install Go 1.23 or later from https://go.dev/dl and put its bin directory on PATH"
}

# build PRESET [TARGET...]: configures if need be and builds; shows the log only where it fails. One at a time.
build() {
  local preset=$1 log
  shift
  log=$(mktemp)
  mkdir -p "$checkout/build"
  if (
    flock 9 && cd "$checkout" &&
      { [ "build/$preset/build.ninja" -nt CMakePresets.json ] || cmake --preset "$preset"; } &&
      ninja -C "build/$preset" "$@"
  ) 9>"$checkout/build/.lock" >"$log" 2>&1; then
    rm -f "$log"
    return
  fi
  tail -n 60 "$log" >&2
  rm -f "$log"
  fail "the $preset build failed"
}
