# The captures of every scenario through an outside judge: nothing malformed, every checksum right, and the RPC talk
# recognised as the endpoint mapper's and DCE/RPC.
. tests/script/common.sh
release_only
command -v tshark >/dev/null || { echo "SKIPPED: no tshark to judge the captures"; exit 0; }
"$FIREDRILL" run scenarios --pcap "$work/pcap" >/dev/null
# One capture a judge: conversations of different captures have the same addresses and ports.
# Port 5000 is registered for another protocol in Wireshark; the heuristics know better.
judge() {
    tshark -n -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.try_heuristic_first:TRUE \
        -r "$1" -T fields -E separator='|' -e frame.number -e _ws.malformed -e tcp.checksum.status -e udp.checksum.status \
        -e ip.checksum.status -e _ws.col.Protocol -e frame.protocols -e frame.comment >"$1.judged" 2>/dev/null
}
export -f judge
printf '%s\0' "$work"/pcap/*.pcapng | xargs -0 -P "$(nproc)" -I{} bash -c 'judge "$1"' _ {}
# A status of 0 is a wrong checksum.
bad=$(awk -F'|' '$1 ~ /^[0-9]+$/ && ($2 != "" || $3 == "0" || $4 == "0" || $5 == "0") {print FILENAME ": " $0}' "$work"/pcap/*.judged)
[ -z "$bad" ] || fail "$bad"
cat "$work"/pcap/*.judged >"$work/all"
mapper=$(grep -c '|EPM|' "$work/all") calls=$(grep -c ':dcerpc' "$work/all") dropped=$(grep -c 'DROPPED at' "$work/all")
[ "$mapper" -gt 50 ] || fail "only $mapper packets are the endpoint mapper's"
[ "$calls" -gt 200 ] || fail "only $calls packets are DCE/RPC"
[ "$dropped" -gt 20 ] || fail "only $dropped packets are marked as dropped"
finish
