"""Whether this kernel can be watched: ends with exit 1 and a reason as its last line when not."""
import sys

from run import in_child
from record import record

RULES = """*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -p tcp -m multiport --dports 135 -m iprange --src-range 198.51.100.1-198.51.100.9 -m conntrack --ctstate NEW -j REJECT --reject-with tcp-reset
COMMIT
"""


def main():
    packet = {"src": "198.51.100.7", "dst": "10.1.0.10", "proto": "tcp", "sport": 3000, "dport": 135, "flags": "S", "seq": 1}
    try:
        seen = in_child(lambda: record(sys.argv[1], "ipv4", RULES, {}, True, [("eth0", packet)])[1])
    except RuntimeError as what:
        print(str(what).strip().splitlines()[-1])
        return 1
    if not isinstance(seen, list) or seen[0]["expect"].get("by") != "FORWARD:1" or seen[0]["expect"].get("ct") != "NEW":
        print(f"the traces of the kernel are not as expected: {seen}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
