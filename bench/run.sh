#!/usr/bin/env bash
# Builds every benchmark for speed in build-bench and runs them one after another; installs what is missing.
#   bench/run.sh [BENCHMARK OPTION...]      for example: bench/run.sh --benchmark_filter=parse
set -euo pipefail
cd "$(dirname "$0")/.."
. scenarios/setup.sh

install build
configure build-bench -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_BENCH=ON -DFIREDRILL_TESTS=OFF
build build-bench benches
for program in build-bench/bench/bench_*; do
    [ -x "$program" ] || continue
    printf '\n== %s\n' "${program##*/bench_}"
    # The banner says what the machine is once per program; only its table is for reading.
    "$program" --benchmark_counters_tabular=true "$@" 2>/dev/null
done
