"""What the kernel tells over netlink: packets on their way through the rules (nfnetlink_log and nf_tables traces), and
the connection table."""
import errno
import socket
import struct

from packet import NAME, text

REQUEST, ACK, DUMP = 1, 4, 0x300
LOG, CONNTRACK, TABLES = 4, 1, 10  # subsystems


def attribute(kind, data):
    length = 4 + len(data)
    return struct.pack("=HH", length, kind) + data + b"\0" * (-length % 4)


def attributes(octets):
    found = {}
    at = 0
    while at + 4 <= len(octets):
        length, kind = struct.unpack_from("=HH", octets, at)
        if length < 4:
            break
        found[kind & 0x3FFF] = octets[at + 4:at + length]
        at += (length + 3) & ~3
    return found


class Netlink:
    def __init__(self, groups=0):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        self.socket.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE: nothing may get lost
        self.socket.bind((0, groups))

    def message(self, subsystem, kind, flags, family, resource, body):
        payload = struct.pack("=BBH", family, 0, socket.htons(resource)) + body
        return struct.pack("=IHHII", 16 + len(payload), subsystem << 8 | kind, flags | REQUEST, 1, 0) + payload

    def ask(self, *parts):
        """Sends and waits for the answer; raises OSError when the kernel refuses."""
        self.socket.send(self.message(*parts))
        code = struct.unpack_from("=i", self.socket.recv(65536), 16)[0]
        if code:
            raise OSError(-code, errno.errorcode.get(-code, "?"))

    def messages(self, wait=False):
        """All that has come so far, or to the end of a dump: (kind, family, attributes)."""
        while True:
            try:
                data = self.socket.recv(1 << 20, 0 if wait else socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            at = 0
            while at < len(data):
                length, kind = struct.unpack_from("=IH", data, at)
                if kind == 3:
                    return
                if kind == 2:
                    code = struct.unpack_from("=i", data, at + 16)[0]
                    raise OSError(-code, errno.errorcode.get(-code, "?"))
                yield kind, data[at + 16], attributes(data[at + 20:at + length])
                at += (length + 3) & ~3


class Log(Netlink):
    """Traces of iptables (-j TRACE), which come to group 0 of nfnetlink_log in the order of events."""

    def __init__(self):
        super().__init__()
        for family in (socket.AF_INET, socket.AF_INET6):
            self.ask(LOG, 1, ACK, family, 0, attribute(1, b"\x04"))
            self.ask(LOG, 1, ACK, family, 0, attribute(1, b"\x03"))
        self.ask(LOG, 1, ACK, 0, 0, attribute(1, b"\x01"))
        self.ask(LOG, 1, ACK, 0, 0, attribute(2, struct.pack("!IBB", 65535, 2, 0)) + attribute(5, struct.pack("!I", 1)))

    def events(self):
        """(table, chain, kind, number, octets) of each step."""
        for _, _, found in self.messages():
            prefix = found.get(10, b"").split(b"\0")[0].decode().strip()
            if not prefix.startswith("TRACE: "):
                continue
            table, chain, kind, number = prefix[7:].rsplit(":", 3)
            yield table, chain, kind, int(number), found.get(9, b"")


class NftTrace(Netlink):
    """Traces of nf_tables (meta nftrace): (id, table, chain, kind, handle, verdict, network header)."""

    def __init__(self):
        super().__init__(1 << 8)  # NFNLGRP_NFTRACE is group 9

    def events(self):
        for kind, _, found in self.messages():
            if kind != (TABLES << 8 | 17):
                continue
            verdict = attributes(found[5]) if 5 in found else {}
            code = struct.unpack("!i", verdict[1])[0] if 1 in verdict else None
            policy = struct.unpack("!I", found[16])[0] if 16 in found else None
            yield {
                "id": struct.unpack("!I", found[6])[0],
                "table": found[1].split(b"\0")[0].decode(),
                "chain": found[2].split(b"\0")[0].decode(),
                "kind": {1: "policy", 2: "return", 3: "rule"}[struct.unpack("!I", found[4])[0]],
                "handle": struct.unpack("!Q", found[3])[0] if 3 in found else None,
                "verdict": code,
                "policy": policy,
                "network": found.get(8, b""),
                "transport": found.get(9, b""),
            }


TCP_STATES = ["NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",
              "SYN_SENT2"]
TIMERS = [10, 30, 60, 120, 180, 300, 600, 432000]


def tuple_of(octets):
    """(protocol, source, target, source port or id, target port or type and code)"""
    found = attributes(octets)
    address, proto = attributes(found[1]), attributes(found[2])
    source = text(address[1] if 1 in address else address[3])
    target = text(address[2] if 2 in address else address[4])
    number = proto[1][0]
    if number in (1, 58):
        ident, kind, code = (4, 5, 6) if number == 1 else (7, 8, 9)
        return number, source, target, struct.unpack("!H", proto[ident])[0], (proto[kind][0], proto[code][0])
    ports = [struct.unpack("!H", proto[k])[0] if k in proto else 0 for k in (2, 3)]
    return number, source, target, ports[0], ports[1]


class Connections(Netlink):
    def table(self, family):
        """{tuple: "tcp ESTABLISHED 432000 assured"}, by the tuples of both directions."""
        self.socket.send(self.message(CONNTRACK, 1, DUMP, socket.AF_INET6 if family == "ipv6" else socket.AF_INET, 0, b""))
        found = {}
        for _, _, one in self.messages(True):
            original, reply = tuple_of(one[1]), tuple_of(one[2])
            status = struct.unpack("!I", one[3])[0]
            number = original[0]
            words = [NAME.get(number, {47: "gre"}.get(number, "unknown"))]
            if number == 6 and 4 in one:
                tcp = attributes(attributes(one[4])[1])
                words.append(TCP_STATES[tcp[1][0]])
            left = struct.unpack("!I", one[7])[0]
            words.append(str(next((t for t in TIMERS if left <= t <= left + 3), left)))
            if not status & 2:
                words.append("unreplied")
            if status & 4:
                words.append("assured")
            found[original] = found[reply] = " ".join(words)
        return found
