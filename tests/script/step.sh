#!/usr/bin/env bash
# Walking through a rehearsal on a terminal: keys, the way out, the terminal afterwards; and what a pipe gets.
. tests/script/common.sh
scenario=scenarios/basics/01-random-ports-only-135-open.toml

# Through a pipe: the whole ladder, the same as without --step.
exits 0 "$FIREDRILL" show $scenario --seed 7
cp "$work/out" "$work/plain"
exits 0 "$FIREDRILL" show $scenario --seed 7 --step
same "$work/out" "$work/plain" "--step through a pipe"
exits 2 "$FIREDRILL" show $scenario --step --format svg
says "without --server and --format"

# type_into "WORDS OF THE COMMAND" KEYS...: on a terminal of 24 lines and 80 columns; each argument is typed once the
# screen is quiet.
type_into() {
    python3 - "$FIREDRILL" "$@" >"$work/out" <<'PY'
import fcntl, os, pty, select, struct, sys, termios
program, words, *keys = sys.argv[1:]
ready, go = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.read(ready, 1)  # not before the terminal has its size and was looked at
    os.environ["TERM"] = "xterm"
    os.environ.pop("NO_COLOR", None)
    os.execv(program, [program, *words.split()])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
before = termios.tcgetattr(terminal)[3]
os.write(go, b"x")
seen = b""
def read(quiet):
    global seen
    while select.select([terminal], [], [], quiet)[0]:
        try:
            octets = os.read(terminal, 65536)
        except OSError:
            return
        if not octets:
            return
        seen += octets
read(1.5)
for key in keys:
    os.write(terminal, key.encode().decode("unicode_escape").encode())
    read(0.3)
read(1.0)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
after = termios.tcgetattr(terminal)[3]
sys.stdout.buffer.write(seen)
print("\nexit", status, "terminal", "restored" if before & (termios.ICANON | termios.ECHO) == after & (termios.ICANON | termios.ECHO) else "BROKEN")
PY
}
walk() { type_into "show $scenario --seed 7 --step" "$@"; }
walk d q
says "packet 9: SYN to 4316   (this one decided)"
says "9 of 14"
says "exit 0 terminal restored"
says $'\x1b[?1049l'
says "[no-static-port]"
walk n n b q
says "3 of 14"
says "2 of 14"
walk '\x1b[C' '\x1b[C' '\x1b[D' q
says "2 of 14"
walk '\x03'
says "terminal restored"

# The packets of a lesson's show step: walked through, or all at once; below them what there was to see.
export XDG_STATE_HOME="$work/state"
lesson() { rm -rf "$work/state"; type_into "lesson why-static-ports" '\n\n3\n2\n\n' "$@"; }
lesson '\n' d q '\n' 'q\n'
says "Enter walks through 14 packets one by one; a shows all at once"
says "packet 9: SYN to 2422   (this one decided)"
says "9 of 14"
says "3rd try"
says "A SYN is a knock at a door"
says "Step 4 of 9"
says "exit 0 terminal restored"
lesson 'a\n' 'q\n'
says "3rd try"
says "A SYN is a knock at a door"
! grep -q "9 of 14" "$work/out" || fail "all at once was walked through"
finish
