#!/usr/bin/env bash
# How fast the served endpoint mapper answers, beside a bare epoll loop and, where it is installed, Samba's endpoint
# mapper. All of them in one run and in turns, because only such ratios mean anything on a shared machine.
#   bench/live.sh [ROUNDS] [SECONDS] [CONNECTIONS]
# Needs root, or namespaces, for Samba: it listens on port 135 only.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${FIREDRILL_NAMESPACE:-}" != inside ]; then
    . scenarios/setup.sh
    install build
    configure build-bench -DCMAKE_BUILD_TYPE=Release -DFIREDRILL_BENCH=ON -DFIREDRILL_TESTS=OFF
    build build-bench firedrill live_load live_bare
    export FIREDRILL_NAMESPACE=inside
    unshare -n true 2>/dev/null && exec unshare -n bash "$0" "$@"
fi
rounds=${1:-3} seconds=${2:-2} connections=${3:-16}
here=build-bench work=$(mktemp -d)
[ -e /sys/class/net/lo ] && ip link set lo up 2>/dev/null || true
children=()
trap 'kill "${children[@]}" 2>/dev/null || true; wait; rm -rf "$work"' EXIT
answers() { "$here/bench/live_load" 127.0.0.1 "$1" map 1 1 >/dev/null 2>&1; }
wait_for() { local i; for i in $(seq 60); do answers "$1" && return 0; sleep 0.2; done; return 1; }

"$here/firedrill" serve --mapper-port 13501 --log-level error >/dev/null & children+=($!)
"$here/bench/live_bare" 13502 & children+=($!)
samba=
if [ -x /usr/libexec/samba/samba-dcerpcd ]; then
    mkdir -p "$work"/{private,lock,state,cache,pid,ncalrpc}
    printf '[global]\nserver role = standalone server\nnetbios name = PEER\ninterfaces = lo\nbind interfaces only = yes\nload printers = no\nrpc start on demand helpers = no\n' >"$work/smb.conf"
    printf '%s = %s\n' "log file" "$work/log" "private dir" "$work/private" "lock directory" "$work/lock" "state directory" "$work/state" \
        "cache directory" "$work/cache" "pid directory" "$work/pid" "ncalrpc dir" "$work/ncalrpc" >>"$work/smb.conf"
    /usr/libexec/samba/samba-dcerpcd -F -s "$work/smb.conf" --libexec-rpcds >"$work/out" 2>&1 & children+=($!)
    wait_for 135 && samba=135 || echo "(Samba's endpoint mapper does not answer)" >&2
fi
wait_for 13501; wait_for 13502
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
for mode in map connect; do
    : >"$work/firedrill"; : >"$work/bare"; : >"$work/samba"
    for _ in $(seq "$rounds"); do
        "$here/bench/live_load" 127.0.0.1 13501 $mode "$connections" "$seconds" >>"$work/firedrill"
        "$here/bench/live_load" 127.0.0.1 13502 $mode "$connections" "$seconds" >>"$work/bare"
        [ -z "$samba" ] || "$here/bench/live_load" 127.0.0.1 135 $mode "$connections" "$seconds" >>"$work/samba" || echo 0 >>"$work/samba"
    done
    ours=$(median <"$work/firedrill") bare=$(median <"$work/bare")
    printf '%-8s firedrill %8d/s   bare epoll loop %8d/s   ratio %.2f' $mode "$ours" "$bare" "$(awk "BEGIN { print $ours / $bare }")"
    [ -z "$samba" ] || { theirs=$(median <"$work/samba"); printf '   samba %8d/s   ratio %.2f' "$theirs" "$(awk "BEGIN { print $ours / ($theirs + 0.001) }")"; }
    echo
done
