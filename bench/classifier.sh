#!/usr/bin/env bash
# How fast the compiled classifier finds the rule, beside DPDK's rte_acl (the best variant that the processor has) and a
# plain loop over the rules: nanoseconds of processor time a packet, medians of repetitions that were run in turns, because
# only ratios of one run mean anything on a shared machine. Ends with build times and memory.
#   bench/classifier.sh [REPETITIONS] [SECONDS EACH]
set -euo pipefail
cd "$(dirname "$0")/.."
. scenarios/setup.sh
repetitions=${1:-9} seconds=${2:-0.02}

install build
(install bench) || say "DPDK cannot be installed here: the comparison with rte_acl is left out"
configure build-bench -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_BENCH=ON -DFIREDRILL_TESTS=OFF
build build-bench bench_classifier
say "load before: $(cut -d' ' -f1-3 /proc/loadavg); $repetitions repetitions of $seconds s each"
build-bench/bench/bench_classifier --benchmark_filter='lookup/|build/' --benchmark_enable_random_interleaving=true \
    --benchmark_repetitions="$repetitions" --benchmark_min_time="$seconds" --benchmark_format=csv 2>build-bench/classifier.err |
    awk -F, '
    function median(key,   list, n, i, j, x) {
        n = split(times[key], list, " ")
        for (i = 2; i <= n; i++)
            for (j = i; j > 1 && list[j - 1] + 0 > list[j] + 0; j--) { x = list[j]; list[j] = list[j - 1]; list[j - 1] = x }
        return list[int((n + 1) / 2)]
    }
    # The fastest of those whose name begins so; its name is left in `best`.
    function fastest(at, who,   key, t, least) {
        least = 0; best = "-"
        for (key in times)
            if (index(key, at who) == 1) {
                t = median(key)
                if (least == 0 || t < least) { least = t; best = substr(key, length(at) + length(who) + 2) }
            }
        return least
    }
    function known(at, who) { return (at who) in times ? sprintf("%.1f", median(at who)) : "-" }
    /^"(lookup|build)/ && !/_(mean|median|stddev|cv)"/ {
        name = $1; gsub(/"/, "", name)
        if (name ~ /^lookup/) {
            times[name] = times[name] " " 1e9 / $7   # items a second of processor time
        } else {
            sub(/\/manual_time/, "", name)
            times[name] = times[name] " " $4 / 1e6
            gsub(/[^0-9]/, "", $8)
            memory[name] = $8
        }
    }
    END {
        row = "%6s  %-7s %7s  %10s %-8s %10s %-11s %7s  %8s %8s %8s\n"
        printf row, "rules", "packets", "at once", "firedrill", "", "rte_acl", "", "ratio", "loop", "AVX2", "scalar"
        for (r = 10; r <= 10000; r *= 10)
            for (h = 1; h >= 0; h--)
                for (b = 1; b <= 256; b = b == 1 ? 32 : b * 8) {
                    packets = h ? "hits" : "random"
                    at = "lookup/" r "/" packets "/" b "/"
                    ours = fastest(at, "firedrill"); variant = best
                    theirs = fastest(at, "rte_acl")
                    printf row, r, packets, b, sprintf("%.1f", ours), variant, theirs ? sprintf("%.1f", theirs) : "-", best,
                        theirs ? sprintf("%.2f", theirs / ours) : "-", known(at, "loop"), known(at, "firedrill AVX2"),
                        known(at, "firedrill scalar")
                }
        printf "\n%6s  %12s %12s  %12s %12s\n", "rules", "build, ms", "memory, KiB", "rte_acl, ms", "memory, KiB"
        for (r = 10; r <= 10000; r *= 10) {
            ours = "build/" r "/firedrill"; theirs = "build/" r "/rte_acl"
            printf "%6s  %12.2f %12d  %12s %12s\n", r, median(ours), memory[ours] / 1024,
                theirs in times ? sprintf("%.2f", median(theirs)) : "-", theirs in memory ? int(memory[theirs] / 1024) : "-"
        }
    }'
grep -F 'rte_acl is left out' build-bench/classifier.err >&2 || true
say "load after: $(cut -d' ' -f1-3 /proc/loadavg)"
