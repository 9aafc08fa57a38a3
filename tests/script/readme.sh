# The first terminal block of the README is what the program prints.
. tests/script/common.sh
awk '/^```/ { block++; next } block == 1 { print }' README.md >"$work/block"
sed -n 's/^\$ firedrill //p' "$work/block" >"$work/command"
grep -v '^\$ ' "$work/block" >"$work/printed"
# shellcheck disable=SC2046
"$FIREDRILL" $(cat "$work/command") >"$work/out" || true
same "$work/printed" "$work/out" "the README shows something else than the program prints"
finish
