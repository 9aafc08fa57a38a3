# Sourced by the scripts of this folder. FIREDRILL is the program under test; the current folder is the project's root.
set -euo pipefail
: "${FIREDRILL:?the program under test}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() { echo "error: $*"; failures=$((failures + 1)); }
same() { cmp -s "$1" "$2" || { fail "$3"; diff "$1" "$2" | head -20; }; }
# exits CODE COMMAND...: the command must end with that code; its output is in $work/out and $work/err.
exits() {
    local wanted=$1; shift
    local code=0
    "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
    [ "$code" -eq "$wanted" ] || { fail "exit $code instead of $wanted: $*"; head -5 "$work/err"; }
}
says() { grep -qF -- "$1" "$work/out" "$work/err" || { fail "does not say: $1"; head -8 "$work/out" "$work/err"; }; }
# For what judges bytes or packages that are the same in every build.
release_only() {
    grep -q '^CMAKE_BUILD_TYPE:STRING=Release' "$(dirname "$FIREDRILL")/CMakeCache.txt" && return 0
    echo "judged in the Release build alone"
    exit 0
}
finish() { [ "$failures" -eq 0 ]; }
