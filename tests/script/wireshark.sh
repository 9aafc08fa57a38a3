# The captures of every scenario through an outside judge: nothing malformed, every checksum right, and the RPC talk
# recognised as the endpoint mapper's and DCE/RPC.
. tests/script/common.sh
command -v tshark >/dev/null || { echo "SKIPPED: no tshark to judge the captures"; exit 0; }
"$FIREDRILL" run scenarios --pcap "$work/pcap" >/dev/null
# Port 5000 is registered for another protocol in Wireshark; the heuristics know better.
judge() {
    tshark -n -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE -o tcp.try_heuristic_first:TRUE \
        -r "$1" -T fields -E separator='|' -e frame.number -e _ws.malformed -e tcp.checksum.status -e udp.checksum.status \
        -e ip.checksum.status -e _ws.col.Protocol -e frame.protocols -e frame.comment 2>/dev/null
}
for capture in "$work"/pcap/*.pcapng; do
    judge "$capture" >"$work/judged"

    # A status of 0 is a wrong checksum.
    bad=$(awk -F'|' '$1 ~ /^[0-9]+$/ && ($2 != "" || $3 == "0" || $4 == "0" || $5 == "0") {print}' "$work/judged")
    [ -z "$bad" ] || fail "$(basename "$capture"): $bad"
    cat "$work/judged" >>"$work/all"
done
mapper=$(grep -c '|EPM|' "$work/all") calls=$(grep -c ':dcerpc' "$work/all") dropped=$(grep -c 'DROPPED at' "$work/all")
[ "$mapper" -gt 50 ] || fail "only $mapper packets are the endpoint mapper's"
[ "$calls" -gt 200 ] || fail "only $calls packets are DCE/RPC"
[ "$dropped" -gt 20 ] || fail "only $dropped packets are marked as dropped"
finish
