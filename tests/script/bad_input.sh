# Bad input gets a sentence, all errors at once, exit 2; never a crash, never a half-written file.
. tests/script/common.sh

# ---- the command line ----
exits 2 "$FIREDRILL";                                   says "Usage"
exits 2 "$FIREDRILL" rnu;                               says "did you mean 'run'?"
exits 2 "$FIREDRILL" run --sed 3;                       says "did you mean --seed?"
exits 2 "$FIREDRILL" run --jobs 0 scenarios
exits 2 "$FIREDRILL" run --shard 5/4 scenarios;         says "I/N"
exits 2 "$FIREDRILL" run --format yaml scenarios
exits 2 "$FIREDRILL" run "$work/none.toml";             says "there is no such file or folder"
exits 4 "$FIREDRILL" run scenarios --only nothing-is-called-so
exits 4 "$FIREDRILL" show scenarios/basics/03-rpc-range-opened.toml --case 9; says "case 3: firewall range one port short"
exits 0 "$FIREDRILL" run --help;                        says "Example:"

# ---- files that cannot be read ----
mkdir "$work/folder.toml"
exits 2 "$FIREDRILL" check scenarios/../README.md
printf 'title = "x"\n[server]\nregistry = "."\n' >"$work/folder-as-reg.toml"
exits 2 "$FIREDRILL" run "$work/folder-as-reg.toml";    says "error:"
truncate -s 100M "$work/large.reg"
printf 'title = "x"\n[server]\nregistry = "large.reg"\n' >"$work/large.toml"
exits 2 "$FIREDRILL" run "$work/large.toml";            says "large.reg"
truncate -s 100M "$work/huge.toml"
exits 2 "$FIREDRILL" run "$work/huge.toml"
for n in 1 2 3 4 5 6; do head -c 3000 /dev/urandom >"$work/noise$n.toml"; exits 2 "$FIREDRILL" run "$work/noise$n.toml"; done

# ---- what people get wrong ----
printf 'title = "x"\n[firewall]\nallow = [5000-5100]\n' >"$work/q.toml"
exits 2 "$FIREDRILL" run "$work/q.toml";                says "quotes"; says "q.toml:3:"; says "^"
printf 'title = "x"\n[firewal]\nallow = [135]\n' >"$work/u.toml"
exits 2 "$FIREDRILL" run "$work/u.toml";                says "firewall"
printf 'title = "x\\u0007y"\n[firewall]\nallow = [70000, 0]\n[expect]\nlogon = "maybe"\n' >"$work/m.toml"
exits 2 "$FIREDRILL" run "$work/m.toml";                says "70000"; says "maybe"
grep -q $'\x07' "$work/err" && fail "a control character reached the terminal"
printf 'REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\X]\n"a"=dword:xyz\n"b"=hex(7):35,\\\n' >"$work/cut.reg"
exits 2 "$FIREDRILL" check "$work/cut.reg";             says "cut.reg:4:"

# ---- output ----
printf 'mine\n' >"$work/new.toml"
exits 2 "$FIREDRILL" new "$work/new.toml";              says "exists already"
[ "$(cat "$work/new.toml")" = mine ] || fail "new overwrote a file"
exits 0 "$FIREDRILL" new "$work/made/branch.toml"
exits 0 "$FIREDRILL" run "$work/made/branch.toml"
if [ "$(id -u)" -ne 0 ]; then exits 3 "$FIREDRILL" run scenarios/basics --pcap /proc/none; fi
exits 3 sh -c '"$0" run scenarios --format jsonl >/dev/full' "$FIREDRILL"
find "$work" -name '*.??????' -path '*made*' | grep -q . && fail "a temporary file was left behind"
finish
