# What the README shows of the program is what the program prints: every block that begins with "$ firedrill".
. tests/script/common.sh
# Blocks with a dollar go to files of their own: the command, and what follows it.
awk -v work="$work" '
    /^```/ { inside = !inside; if (inside) { first = 1; shown = 0 } next }
    inside && first { first = 0; if (/^\$ firedrill /) { shown = ++count; sub(/^\$ firedrill /, ""); print > (work "/command." shown); next } }
    inside && shown { print > (work "/printed." shown) }
    END { print count + 0 > (work "/count") }' README.md
[ "$(cat "$work/count")" -ge 2 ] || fail "the README shows fewer than two runs"
for number in $(seq "$(cat "$work/count")"); do
    # shellcheck disable=SC2046
    "$FIREDRILL" $(cat "$work/command.$number") >"$work/out" || true
    same "$work/printed.$number" "$work/out" "the README shows something else than firedrill $(cat "$work/command.$number") prints"
done
finish
