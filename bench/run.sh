#!/bin/sh
# Builds every benchmark for speed in build-bench and runs them one after another.
#   bench/run.sh [BENCHMARK OPTION...]      for example: bench/run.sh --benchmark_filter=parse
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build-bench

cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_BENCH=ON -DFIREDRILL_TESTS=OFF >/dev/null
cmake --build "$build" --target benches >&2

for program in "$build"/bench/bench_*; do
    [ -x "$program" ] || continue
    printf '\n== %s\n' "$(basename "$program" | sed 's/^bench_//')"
    # The banner says what the machine is once per program; only its table is for reading.
    "$program" --benchmark_counters_tabular=true "$@" 2>/dev/null
done
