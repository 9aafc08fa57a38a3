# Real peers, in a network of their own where port 135 is free: impacket, Samba's rpcclient and nmap against the server,
# a capture of it all through tshark, and our client and prober against Samba's endpoint mapper.
. tests/script/common.sh

# ---- outside: make the network, or say why not ----
if [ "${FIREDRILL_NAMESPACE:-}" != inside ]; then
    for tool in unshare ip; do command -v $tool >/dev/null || { echo "SKIPPED: real peers: no $tool"; exit 0; }; done
    export FIREDRILL_NAMESPACE=inside
    # As root, or as whoever may play root in a namespace of users.
    for way in -n -rn; do
        export FIREDRILL_ROOT=$way
        unshare $way true 2>/dev/null && exec unshare $way bash "$0"
    done
    echo "SKIPPED: real peers: network namespaces are refused here"
    exit 0
fi
. tests/script/live_common.sh
trap 'echo "error: line $LINENO of peers.sh: $BASH_COMMAND"' ERR  # never end without a word
ip link set lo up
peer() { command -v "$1" >/dev/null || { echo "SKIPPED: real peers: no $1"; return 1; }; }
# until_true COMMAND...: tries for a minute.
until_true() { local end=$((SECONDS + 60)); while [ $SECONDS -lt $end ]; do "$@" && return 0; sleep 0.2; done; return 1; }

# ---- what the README shows of a server and a prober is what they print ----
shown() { awk -v start="$1\\$ firedrill $2 " 'index($0, "```") == 1 { inside = 0 } inside { print } $0 ~ "^" start { inside = 1; print }' README.md >"$work/shown"; }
shown server serve
read -r _ _ _ arguments <"$work/shown"
# shellcheck disable=SC2086
"$FIREDRILL" serve $arguments >"$work/table" 2>"$work/log" </dev/null &
server=$!
await ready || fail "the README's server does not start: $(tail -1 "$work/log")"
sed 1d "$work/shown" >"$work/printed"
same "$work/printed" "$work/table" "the README shows something else than firedrill serve prints"
shown client probe
read -r _ _ _ arguments <"$work/shown"
# shellcheck disable=SC2086
exits 0 "$FIREDRILL" probe $arguments
sed 1d "$work/shown" | while IFS= read -r line; do [ "$line" = ... ] || grep -qxF -- "$line" "$work/out" || echo "$line"; done >"$work/missing"
[ -s "$work/missing" ] && fail "the README shows what firedrill probe does not print: $(cat "$work/missing")"
[ "$(wc -l <"$work/shown")" -gt 20 ] || fail "the README shows no probe"
stop_server

# ---- our server, their clients ----
mapper=135
"$FIREDRILL" serve --reg scenarios/reg/static-5001-5002.reg >"$work/table" 2>"$work/log" </dev/null &
server=$!
await ready || { fail "the server does not start: $(cat "$work/log")"; finish; exit 1; }

capture=
if peer dumpcap; then
    dumpcap -q -i lo -w "$work/peers.pcapng" 2>"$work/dumpcap" &
    capture=$!
    until_true test -s "$work/peers.pcapng" || { echo "SKIPPED: a live capture: $(tail -1 "$work/dumpcap")"; capture=; }
fi

if [ -x /usr/bin/python3 ] && /usr/bin/python3 -c 'import impacket' 2>/dev/null; then
    exits 0 /usr/bin/python3 tests/peers/impacket_client.py 127.0.0.1
    says "MS Exchange Directory NSP Interface ncacn_ip_tcp:127.0.0.1[5001]"
    says "directory ncacn_ip_tcp:127.0.0.1[5001]"; says "store ncacn_ip_tcp:127.0.0.1[5002]"
    says "small fragments answered"
    rpcdump=/usr/share/doc/python3-impacket/examples/rpcdump.py
    if [ -f $rpcdump ]; then
        exits 0 /usr/bin/python3 $rpcdump 127.0.0.1
        says "MS Exchange Directory NSP Interface"; says "ncacn_ip_tcp:127.0.0.1[5002]"; says "Received 10 endpoints"
    fi
else
    echo "SKIPPED: real peers: no impacket"
fi

if peer rpcclient; then
    exits 0 rpcclient -U% ncacn_ip_tcp:127.0.0.1 -c epmlookup
    says "ncacn_ip_tcp:127.0.0.1[5001,abstract_syntax=f5cc5a18-4264-101a-8c59-08002b2f8426/0x00000038]: MS Exchange Directory NSP Interface"
    [ "$(grep -c 'ncacn_ip_tcp:127.0.0.1' "$work/out")" -eq 10 ] || fail "rpcclient lists something else than 10 endpoints"
fi

if peer nmap; then
    exits 0 nmap -n -Pn -sT -sV --unprivileged -p 135 127.0.0.1
    grep -qE '^135/tcp +open +msrpc +Microsoft Windows RPC' "$work/out" || { fail "nmap does not name it msrpc"; cat "$work/out"; }
fi
exits 0 "$FIREDRILL" connect 127.0.0.1 --do logon,admin,new-mail
exits 0 "$FIREDRILL" probe 127.0.0.1; says "TCP port 135 (epmap service): LISTENING"

if [ -n "$capture" ]; then
    sleep 2  # dumpcap writes what it has once a second
    kill -INT "$capture" || fail "the capture ended early: $(tail -1 "$work/dumpcap")"
    wait "$capture" || true
    tshark -n -o tcp.try_heuristic_first:TRUE -r "$work/peers.pcapng" -T fields -E separator='|' \
        -e frame.number -e _ws.malformed -e _ws.col.Protocol 2>/dev/null >"$work/judged" || true  # a last packet cut short is no matter
    # Others' packets are theirs: nmap says things on purpose that make no sense. What the server says is judged.
    tshark -n -o tcp.try_heuristic_first:TRUE -r "$work/peers.pcapng" -Y '_ws.malformed && tcp.srcport in {135,5001,5002}' \
        2>/dev/null >"$work/malformed" || true
    [ -s "$work/malformed" ] && fail "malformed: $(head -3 "$work/malformed")"
    spoken=$(grep -cE '\|(EPM|DCERPC|NSPI|MAPI|MGMT)$' "$work/judged" || true)
    [ "$spoken" -gt 60 ] || fail "only $spoken packets are recognised as RPC"
fi
stop_server

# ---- their server, our clients ----
dcerpcd=/usr/libexec/samba/samba-dcerpcd
if [ ! -x $dcerpcd ]; then
    echo "SKIPPED: real peers: no samba-dcerpcd"
elif [ "$FIREDRILL_ROOT" = -rn ]; then
    echo "SKIPPED: real peers: Samba's endpoint mapper changes its user, which only root can"
else
    mkdir -p "$work"/samba/{private,lock,state,cache,pid,ncalrpc}
    printf '[global]\nserver role = standalone server\nnetbios name = PEER\ninterfaces = lo\nbind interfaces only = yes\n' >"$work/samba/smb.conf"
    printf 'rpc start on demand helpers = no\nload printers = no\nlog file = %s\n' "$work/samba/log" >>"$work/samba/smb.conf"
    printf '%s = %s\n' "private dir" "$work/samba/private" "lock directory" "$work/samba/lock" "state directory" "$work/samba/state" \
        "cache directory" "$work/samba/cache" "pid directory" "$work/samba/pid" "ncalrpc dir" "$work/samba/ncalrpc" >>"$work/samba/smb.conf"
    $dcerpcd -F -s "$work/samba/smb.conf" --libexec-rpcds >"$work/samba/out" 2>&1 &
    server=$!
    # Its services register one after the other.
    listed() { "$FIREDRILL" probe 127.0.0.1 --timeout 10 >"$work/out" 2>"$work/err" && [ "$(grep -c 'ncacn_ip_tcp:127.0.0.1' "$work/out")" -ge 5 ]; }
    if until_true listed; then
        says "TCP port 135 (epmap service): LISTENING"; says " winreg"; says "UUID: 338cd001-2244-31f1-aaaa-900038001003"
        says "==== End of RPC Endpoint Mapper query response ===="
        # No Exchange there: the mapper says so, and that is what the user is told.
        exits 1 "$FIREDRILL" connect 127.0.0.1 --timeout 30
        says "logon fails at directory"; says "1753 (EPT_S_NOT_REGISTERED)"
    else
        fail "Samba's list is not read: $(tail -3 "$work/out") $(tail -3 "$work/samba/out")"
    fi
    stop_server
fi
finish
