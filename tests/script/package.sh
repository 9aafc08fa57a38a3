#!/usr/bin/env bash
# The Debian package: built, unpacked into an empty folder, and used from there by somebody who has nothing else.
. "$(dirname "$0")/common.sh"

release_only
build=$(dirname "$FIREDRILL")
root=$PWD

(cd "$build" && cpack -B "$work" >"$work/log" 2>&1) || { cat "$work/log"; fail "cpack"; }
package=$(ls "$work"/firedrill_*.deb)
dpkg-deb -x "$package" "$work/root"
dpkg-deb -f "$package" Depends | grep -q libspdlog || fail "the package does not say what it needs"

share=$work/root/usr/share
program=$work/root/usr/bin/firedrill
cd "$work"

exits 0 "$program" run "$share/firedrill/scenarios/basics"
says " passed, 0 failed"
played=$(cd "$root" && find scenarios -name '*.toml' | sort | sed 's,^scenarios/,,')
packed=$(cd "$share/firedrill/scenarios" && find . -name '*.toml' | sed 's,^./,,' | sort)
[ "$played" = "$packed" ] || fail "the package holds other scenarios than the project"
[ -s "$share/firedrill/scenarios/schema/scenario-v1.schema.json" ] || fail "no schema"
# Nothing is left out that a scenario names, and no source came along.
# Some show mistakes on purpose; packed, they show the same ones.
(cd "$root" && "$program" check --format jsonl scenarios >"$work/here") || true
(cd "$share/firedrill" && "$program" check --format jsonl scenarios >"$work/there") || true
same "$work/here" "$work/there" "the packed files are other files"
[ -z "$(find "$share/firedrill" -name '*.cpp' -o -name '*.hpp' -o -name CMakeLists.txt)" ] || fail "sources are packed"

# The manual page: groff has nothing to complain about, and every subcommand has its part.
page=$share/man/man1/firedrill.1.gz
zcat "$page" | LC_ALL=C.UTF-8 groff -man -ww -Tutf8 >"$work/page" 2>"$work/err"
[ ! -s "$work/err" ] || { cat "$work/err"; fail "the manual page"; }
for command in $("$program" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    grep -q "firedrill $command" <(sed 's/.\x08//g; s/\x1b\[[0-9;]*m//g' "$work/page") || fail "the manual page lacks $command"
done

# It names files that are there, and the program leads to them from anywhere.
for path in $(sed 's/.\x08//g; s/\x1b\[[0-9;]*m//g' "$work/page" | grep -o '/usr/share/firedrill[^ ,]*' | sort -u); do
    [ -e "$work/root$path" ] || fail "the manual page names $path, which is not in the package"
done
grep -q "firedrill show /usr/share/firedrill/scenarios/basics/01" "$work/page" || fail "the manual page has no example to try"
exits 2 "$program" run scenarios/basics
says "  hint: scenarios/basics came with the program: $share/firedrill/scenarios/basics"
exits 2 "$program" show filter/only-one-port-opened
says "came with the program: $share/firedrill/scenarios/filter/only-one-port-opened.toml"
exits 2 "$program" filter --rules=scenarios/firewall/branch.rules.v4
says "came with the program: $share/firedrill/scenarios/firewall/branch.rules.v4"
exits 2 "$program" run ../scenarios/basics /scenarios/basics no/such.toml
! grep -q "came with" "$work/err" || fail "a hint to what nobody asked for"
exits 0 "$program" show --help
says "firedrill show $share/firedrill/scenarios/basics/01"
exits 0 "$program" lesson
says "why-static-ports"
exits 2 "$program" lesson check
says "firedrill lesson check $share/firedrill/scenarios/lessons"
exits 0 "$program" lesson check "$share/firedrill/scenarios/lessons"
(cd "$root" && "$program" show --help) | grep -q "firedrill show scenarios/basics" || fail "beside scenarios/ the example is another"

# The completion, as bash asks for it.
. "$share/bash-completion/completions/firedrill"
complete_line() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _firedrill
    echo "${COMPREPLY[*]}"
}
[ "$(complete_line firedrill sho)" = show ] || fail "completion of a subcommand"
[ "$(complete_line firedrill run --form)" = --format ] || fail "completion of an option"
[ "$(complete_line firedrill run --format j)" = "jsonl junit" ] || fail "completion of a value"
[ "$(complete_line firedrill run --format = ju)" = junit ] || fail "completion of a value after ="
[ "$(complete_line firedrill run --color n)" = never ] || fail "completion of a colour"
touch "$work/branch.toml"
[ "$(complete_line firedrill run bran)" = branch.toml ] || fail "completion of a file"
echo "package: $(du -k "$package" | cut -f1) KiB"
finish
