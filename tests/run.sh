#!/usr/bin/env bash
# The truth about the project: installs what is missing (root or sudo), builds, runs everything, and ends with a
# line "N passed, N failed, N skipped". Exit code 0 only when nothing failed.
#
#   bash tests/run.sh          everything
#   bash tests/run.sh quick    the first build and its tests only
#
# Test cases are counted one by one; a build or a smoke run that fails counts as one failure.
set -uo pipefail
cd "$(dirname "$0")/.."
. scenarios/setup.sh

mode=${1:-all}
passed=0 failed=0 skipped=0
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

ok()   { passed=$((passed + 1)); say "passed: $1"; }
bad()  { failed=$((failed + 1)); say "FAILED: $1"; }
skip() { skipped=$((skipped + 1)); say "SKIPPED: $1"; }
check() { local name=$1; shift; if "$@"; then ok "$name"; else bad "$name"; fi; }

# Runs CTest in a build folder and adds up the test cases that each program reports of itself.
run_tests() {
    local folder=$1 name=$2 log=$logs/$2
    export BOOST_TEST_REPORT_LEVEL=short BOOST_TEST_COLOR_OUTPUT=no
    (cd "$folder" && ctest --verbose -j2 --timeout 600) >"$log" 2>&1
    local status=$? cases broken entries
    cases=$(sed -nE 's/.* ([0-9]+) test cases? out of [0-9]+ passed.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    broken=$(sed -nE 's/.* ([0-9]+) test cases? out of [0-9]+ failed.*/\1/p' "$log" | awk '{n += $1} END {print n + 0}')
    # Entries that are no Boost.Test program (scenarios, fuzz seeds, scripts) count as one each.
    entries=$(grep -cE 'Test +#[0-9]+: (scenario|fuzz|script)\..* Passed' "$log")
    skipped=$((skipped + $(grep -c 'SKIPPED:' "$log")))
    passed=$((passed + cases + entries))
    grep 'SKIPPED:' "$log" | sed 's/^[0-9]*: /   /' >&2
    if [ $status -ne 0 ]; then
        local lost
        lost=$(grep -cE 'Test +#[0-9]+: .*(Failed|Timeout|Exception|Not Run)' "$log")
        [ "$broken" -gt "$lost" ] && lost=$broken
        failed=$((failed + (lost > 0 ? lost : 1)))
        grep -E '\*\*\*|error: |Failed|FAILED|Timeout|ERROR:|WRONG' "$log" | head -60 >&2
        say "FAILED: tests of $name"
    else
        say "passed: tests of $name ($cases test cases, $entries other checks)"
    fi
}

install build test
# Without it the test that needs it says that it is skipped.
bash tests/browser/install.sh >"$logs/npm" 2>&1 || { tail -5 "$logs/npm" >&2; say "playwright-core could not be installed"; }

say "build with g++"
if configure build -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_TESTS=ON -DFIREDRILL_BENCH=ON && build build all; then
    ok "build with g++"
    run_tests build g++
    # Benchmarks that nobody runs rot; their figures mean nothing here and are not looked at.
    for program in build/bench/bench_*; do
        [ -x "$program" ] && [ -f "$program" ] || continue
        check "benchmark ${program##*/bench_} runs" sh -c "'$program' --benchmark_min_time=0.001 >/dev/null 2>&1"
    done
    check "every header compiles alone" build build all_verify_interface_header_sets
else
    bad "build with g++"
fi

if [ "$mode" != quick ]; then
    say "build with clang, AddressSanitizer, UndefinedBehaviourSanitizer and libFuzzer"
    if configure build-clang -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++-14 \
            -DFIREDRILL_SANITIZE=address,undefined -DFIREDRILL_FUZZ=ON && build build-clang all; then
        ok "build with clang"
        run_tests build-clang clang-sanitizers
        for fuzzer in build-clang/tests/fuzz/fuzz_*; do
            [ -x "$fuzzer" ] && [ -f "$fuzzer" ] || continue
            name=${fuzzer##*/fuzz_}
            mkdir -p "$logs/corpus/$name"
            if "$fuzzer" -max_total_time="${FIREDRILL_FUZZ_SECONDS:-4}" -seed=1 -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
                    -artifact_prefix="$logs/" "$logs/corpus/$name" "tests/fuzz/corpus/$name" >"$logs/fuzz" 2>&1; then
                ok "fuzz $name"
            else
                tail -30 "$logs/fuzz" >&2
                bad "fuzz $name"
            fi
        done
    else
        bad "build with clang"
    fi

    say "build with ThreadSanitizer"
    if configure build-tsan -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_COMPILER=clang++-14 -DFIREDRILL_SANITIZE=thread \
            -DFIREDRILL_TESTS=OFF && build build-tsan firedrill; then
        check "scenarios with ThreadSanitizer and 4 jobs" \
            sh -c 'build-tsan/firedrill run scenarios --jobs 4 >/dev/null'
    else
        bad "build with ThreadSanitizer"
    fi
fi

printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
