#!/usr/bin/env bash
# From a bare Debian 12 to the bundled rehearsals: installs what is missing (root or sudo), builds, runs every scenario.
# Arguments go to `firedrill run`; without any, all of scenarios/ is run. The results are also in build/report.html.
set -euo pipefail
cd "$(dirname "$0")/.."
. scenarios/setup.sh

install build
configure build -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_TESTS=OFF
say "building (a few minutes the first time)"
build build firedrill
[ $# -gt 0 ] || set -- scenarios
# The page of all results, unless the caller wants one in another place.
case " $*" in *" --html"*) exec build/firedrill run "$@" ;; esac
status=0
build/firedrill run "$@" --html build/report.html || status=$?
[ $status -gt 1 ] || say "all of it to look at: build/report.html"
exit $status
