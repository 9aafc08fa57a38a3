# The catalogue is complete: scenarios/README.md lists every scenario by symptom and by cause, lists none that does not
# exist, gives an article or source for every cause, and no scenario runs without expecting something.
. tests/script/common.sh
readme=scenarios/README.md
# What stands in `back quotes` as folder/name between that heading and the next.
listed() { awk -v head="## $1" '/^## / { on = $0 == head; next } on' "$readme" | grep -oE '`[a-z]+/[A-Za-z0-9.-]+`' | tr -d '`' | sort -u; }

(cd scenarios && find . -name '*.toml' -not -path './lessons/*' | sed 's|^\./||; s|\.toml$||' | sort) >"$work/files"
[ "$(wc -l <"$work/files")" -gt 50 ] || fail "only $(wc -l <"$work/files") scenarios were found"
for heading in "By symptom" "By cause"; do
    listed "$heading" >"$work/listed"
    while read -r missing; do fail "\"$heading\" of $readme does not list $missing"; done < <(comm -23 "$work/files" "$work/listed")
    while read -r stale; do fail "\"$heading\" of $readme lists $stale, which does not exist"; done < <(comm -13 "$work/files" "$work/listed")
done

# By cause: | cause | rehearsal | articles |
awk '/^## / { on = $0 == "## By cause"; next } on && /^\| .*`/' "$readme" >"$work/causes"
while IFS='|' read -r _ cause _ articles _; do
    [[ $articles =~ (KB|Q)[0-9]{5,} || $articles =~ TechNet ]] || fail "no article stands behind the cause \"$cause\""
done <"$work/causes"

# "ran" is the program's word for a scenario without expectations.
"$FIREDRILL" run scenarios --color never >"$work/run" 2>/dev/null || true
while read -r line; do fail "nothing is expected here: $line"; done < <(grep -E '^  (ran|stopped) ' "$work/run" || true)
# Every file says how it must end: by works or fails, and where it fails also at which place.
while read -r name; do
    file=scenarios/$name.toml
    grep -qE '"(works|fails|sometimes)"' "$file" || fail "$file does not say how it must end"
    if grep -qE 'logon += "fails"' "$file"; then
        grep -qE 'fails_at +=' "$file" || fail "$file does not say where it must fail"
        grep -qE 'because +=' "$file" || fail "$file does not say for which reason it must fail"
    fi
done <"$work/files"

# A finding about what a filter lets pass or does not shows a packet. (Without a filter nothing stops any.)
"$FIREDRILL" check scenarios --pairs --format jsonl >"$work/findings" 2>/dev/null || true
for id in rule-shadowed rule-never-matches rule-redundant rule-generalises rule-correlated chain-unused jump-to-nothing open-unused \
    mapper-closed port-closed range-differs rule-order rule-port-differs wrong-address wrong-client-network wrong-direction \
    wrong-port-side udp-instead-of-tcp answers-blocked too-wide new-mail-blocked nat-port-missing nat-leads-elsewhere; do
    if grep -F "\"id\":\"$id\"" "$work/findings" | grep -qv '"witness":"'; then fail "a finding $id shows no packet"; fi
done

# No rule file and no registry export lies about unused. (Packets are for firedrill filter.)
for file in scenarios/reg/* scenarios/firewall/*; do
    case "$file" in *.packets) continue ;; esac
    grep -rqF "$(basename "$(dirname "$file")")/$(basename "$file")" scenarios --include='*.toml' || fail "$file is used by no scenario"
done
finish
