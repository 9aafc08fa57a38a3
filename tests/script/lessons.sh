# Lessons from outside: they are true, they teach, they remember, and they say it when they have gone stale.
. tests/script/common.sh
export XDG_STATE_HOME="$work/state"
lessons=scenarios/lessons
names=$(cd "$lessons" && ls -- *.toml | sed 's/\.toml$//')
[ "$(wc -w <<<"$names")" -ge 4 ] || fail "there are fewer than four lessons"

# ---- true ----
exits 0 "$FIREDRILL" lesson check "$lessons";             says "nothing to complain about"
exits 0 "$FIREDRILL" check "$lessons"/*.toml
exits 0 "$FIREDRILL" run "$lessons/plays"
exits 0 "$FIREDRILL" lesson
for name in $names; do says "$name "; done

# ---- the one in the documentation ----
mkdir -p "$work/readme/lessons" && cp -r scenarios/basics scenarios/reg "$work/readme"
awk '/^```toml/ { on = 1; next } /^```/ { on = 0 } on' scenarios/README.md >"$work/readme/lessons/example.toml"
exits 0 "$FIREDRILL" lesson check "$work/readme/lessons";  says "1 file, nothing to complain about"

# ---- told to the word, with right answers and with wrong ones ----
for name in $names; do
    for kind in right wrong; do
        golden=tests/golden/lessons/$name.$kind
        exits "$([ $kind = right ] && echo 0 || echo 1)" "$FIREDRILL" lesson "$lessons/$name.toml" --answers "$golden.answers"
        if [ "${FIREDRILL_RENEW:-}" = 1 ]; then cp "$work/out" "$golden.txt"; fi
        same "$golden.txt" "$work/out" "$golden.txt is not as it was (FIREDRILL_RENEW=1 renews it)"
    done
done
exits 0 "$FIREDRILL" lesson three-ways --trainer --answers tests/golden/lessons/three-ways.right.answers
if [ "${FIREDRILL_RENEW:-}" = 1 ]; then cp "$work/out" tests/golden/lessons/three-ways.trainer.txt; fi
same tests/golden/lessons/three-ways.trainer.txt "$work/out" "the trainer's lesson is not as it was (FIREDRILL_RENEW=1 renews it)"
[ ! -e "$XDG_STATE_HOME" ] || fail "--answers left progress behind"

# ---- answers that do not fit ----
one=answers-of-a-stateless-filter
printf '2\n3\n' >"$work/few"
exits 2 "$FIREDRILL" lesson "$one" --answers "$work/few";          says "the answers end before the lesson does"
printf '# none\nninety\n' >"$work/odd"
exits 2 "$FIREDRILL" lesson "$one" --answers "$work/odd";          says "odd:2: error: this is no answer here"
{ cat "tests/golden/lessons/$one.right.answers"; echo more; } >"$work/many"
exits 2 "$FIREDRILL" lesson "$one" --answers "$work/many";         says "the lesson was over"
exits 2 "$FIREDRILL" lesson "$one" --answers "$work/none";         says "there is no such file"

# ---- through a pipe: the end of input is the end for today, and what was done is kept ----
learn() { "$FIREDRILL" lesson "$@" >"$work/out" 2>"$work/err" || fail "exit $?: lesson $*"; }
printf '\n\n3\n' | learn why-static-ports;                             says "How sure are you?"; says "you can go on later"
grep -q "What happens" "$work/out" && fail "the run was shown before the prediction was complete"
printf '2\n' | learn why-static-ports;                                 says "Going on where you stopped"; says "3 is right."
printf 'q\n' | learn why-static-ports;                                 says "What happens"
printf '' | learn why-static-ports --restart;                          says "Enter begins"
[ -z "$(find "$XDG_STATE_HOME" -type f)" ] || fail "--restart kept progress"

# ---- progress that cannot be used is said, and is no obstacle ----
printf '\n' | learn "$one"
progress=$(find "$XDG_STATE_HOME" -type f)
[ "$(wc -l <<<"$progress")" -eq 1 ] || fail "not one progress file but: $progress"
for broken in '' 'nonsense' "$(head -c 30 "$progress")"; do
    printf '%s' "$broken" >"$progress"
    printf '' | learn "$one";                                      says "is broken"; says "Enter begins"
done
printf '\n' | learn "$one"
sed 's/^lesson .*/lesson 0123456789abcdef/' -i "$progress"
printf '' | learn "$one";                                          says "the lesson was changed since"
rm "$progress"; mkdir "$progress"
printf '\n' | learn "$one";                                        says "cannot be read"; says "progress is not kept"
rmdir "$progress"
XDG_STATE_HOME=/proc/none learn "$one" < <(printf '\n\n');         says "progress is not kept"
env -u XDG_STATE_HOME HOME="$work/home" "$FIREDRILL" lesson "$one" < <(printf '\n') >/dev/null 2>&1
[ -n "$(find "$work/home/.local/state/firedrill" -type f)" ] || fail "no progress below HOME"
find "$work" -name '*.??????' -path '*firedrill*' | grep -q . && fail "a temporary file was left behind"

# ---- stale: the scenario changes, the lesson does not ----
stale() {
    local what=$1 file=$2 edit=$3
    rm -rf "$work/stale"; mkdir -p "$work/stale"
    cp -r scenarios/lessons scenarios/reg "$work/stale"
    sed -i "$edit" "$work/stale/lessons/$file"
    cmp -s "$work/stale/lessons/$file" "scenarios/lessons/$file" && fail "nothing was changed for: $what"
    exits 2 "$FIREDRILL" lesson check "$work/stale/lessons"
}
stale "rules"   plays/ports.toml  's/^allow = \[135\]/allow = [136]/'; says "[lesson-scenario-wrong]"; says "why-static-ports.toml:"
stale "range"   plays/three-ways.toml 's/"6000-6149"\]/"6000-6160"]/;s/^expect.open_only = .*//'; says "[lesson-no-right-choice]"
stale "case"    plays/answers.toml 's/"answers from 135"/"answers of 135"/'; says "[unknown-case]"; says 'did you mean "answers of 135"'
stale "steps"   plays/order.toml  's/^for  = "8h"/for  = "20h"/';      says "[lesson-no-right-choice]"
stale "packet"  why-static-ports.toml 's/7 = "map reply/8 = "map reply/'; says "[lesson-other-packet]"
stale "file"    order-of-a-change.toml 's|plays/order.toml|plays/orders.toml|'; says "[lesson-scenario]"
exits 2 "$FIREDRILL" lesson "$work/stale/lessons/order-of-a-change.toml"; says "no longer true"
exits 2 "$FIREDRILL" check "$work/stale/lessons/order-of-a-change.toml"; says "[lesson-scenario]"

# ---- the command line ----
exits 2 "$FIREDRILL" lesson check;                                     says "PATH is missing"
exits 4 "$FIREDRILL" lesson check scenarios/reg
exits 2 "$FIREDRILL" lesson no-such-lesson;                            says "there is no such file"
exits 2 "$FIREDRILL" lesson scenarios/basics/02-static-ports-opened.toml; says "unknown key"
exits 2 "$FIREDRILL" run "$lessons/three-ways.toml";                   says "this is a lesson, not a scenario"
exits 2 "$FIREDRILL" lesson three-ways --anwsers x;                    says "did you mean --answers?"

# ---- Ctrl-C on a terminal: clean, and the terminal as it was ----
if command -v script >/dev/null; then
    cat >"$work/terminal.sh" <<'END'
before=$(stty -g); "$FIREDRILL" lesson answers-of-a-stateless-filter; echo "code $?"; [ "$(stty -g)" = "$before" ] && echo "terminal as before"
END
    { sleep 0.5; printf '\n'; sleep 0.5; printf '\003'; sleep 0.5; } |
        FIREDRILL=$FIREDRILL timeout 20 script -qec "bash -i $work/terminal.sh" /dev/null >"$work/out" 2>"$work/err" || true
    says "Step 1 of 9"; says "code 0"; says "terminal as before"
fi

# ---- the page ----
exits 0 "$FIREDRILL" lesson three-ways --html "$work/page/three.html"
exits 0 "$FIREDRILL" lesson three-ways --html -
same "$work/page/three.html" "$work/out" "the page is another one on stdout"
[ "$(wc -c <"$work/page/three.html")" -lt 300000 ] || fail "the page is larger than 300 kB"
grep -q "default-src 'none'" "$work/page/three.html" || fail "the page has no Content-Security-Policy"
grep -qE "(src|href)=[\"']?https?:|@import|url\(" "$work/page/three.html" && fail "the page asks for something from elsewhere"
grep -q "There is no best way" "$work/page/three.html" && fail "the notes to the trainer are in the learner's page"
exits 0 "$FIREDRILL" lesson three-ways --trainer --html -;             says "There is no best way"
finish
