#!/usr/bin/env bash
# From a bare Debian 12 to the bundled rehearsals: installs what is missing (root or sudo), builds, runs every scenario.
# Arguments go to `firedrill run`; without any, all of scenarios/ is run.
set -euo pipefail
cd "$(dirname "$0")/.."
. scenarios/setup.sh

install build
configure build -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_TESTS=OFF
say "building (a few minutes the first time)"
build build firedrill
[ $# -gt 0 ] || set -- scenarios
exec build/firedrill run "$@"
