#!/usr/bin/env bash
# Writes the golden heap dumps and the symbols that go with them, with each Go version that is looked after.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$here/../../collectors/testdata/dumpmaker"
for version in 1.23.12 1.25.14 1.26.8 1.27.4; do
  name=go${version%.*}
  GOTOOLCHAIN=go$version go build -trimpath -o "$work/maker" .
  GODEBUG=memprofilerate=1 GOMAXPROCS=1 "$work/maker" "$work/dump"
  gzip -9n <"$work/dump" >"$here/$name.dump.gz"
  # Kind, address, size and name of what the tests ask for.
  nm -S "$work/maker" | awk '$4 ~ /^main\./ && $3 ~ /[TtDdBb]/ {
    print ($3 ~ /[Tt]/ ? "function" : "variable"), $1, $2, $4 }' >"$here/$name.symbols.txt"
done
