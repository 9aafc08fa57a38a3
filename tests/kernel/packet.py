"""Packets as the goldens describe them (tests/firewall/goldens/README.md): real octets from a description, and back.

Written apart from scenarios/cases on purpose: two readings of the same words, so that one mistake is not made twice.
"""
import socket
import struct

FLAGS = "FSRPAUEC"
NUMBER = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58}
NAME = {v: k for k, v in NUMBER.items()}


def number_of(proto):
    return proto if isinstance(proto, int) else NUMBER[proto]


def is_v6(address):
    return ":" in address


def raw(address):
    return socket.inet_pton(socket.AF_INET6 if is_v6(address) else socket.AF_INET, address)


def text(octets):
    return socket.inet_ntop(socket.AF_INET6 if len(octets) == 16 else socket.AF_INET, octets)


def checksum(octets):
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack("!%dH" % (len(octets) // 2), octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def pattern(length):
    return bytes(65 + i % 26 for i in range(length))


def flag_bits(letters):
    return sum(1 << FLAGS.index(c) for c in letters)


def flag_letters(bits):
    return "".join(c for i, c in enumerate(FLAGS) if bits >> i & 1)


def options(opts):
    out = b""
    if "mss" in opts:
        out += struct.pack("!BBH", 2, 4, opts["mss"])
    if opts.get("sackok"):
        out += b"\x04\x02"
    if "ws" in opts:
        out += struct.pack("!BBB", 3, 3, opts["ws"])
    return out + b"\x01" * (-len(out) % 4)


def is_error(number, type_):
    return type_ in (3, 4, 5, 11, 12) if number == 1 else number == 58 and type_ < 128


def transport(d):
    """The transport header and what follows, with its checksum."""
    number = number_of(d["proto"])
    data = bytes.fromhex(d["data"]) if "data" in d else pattern(d.get("len", 0))
    if number == 6:
        opts = options(d.get("opts", {}))
        body = struct.pack("!HHIIBBHHH", d["sport"], d["dport"], d.get("seq", 0), d.get("ack", 0),
                           (20 + len(opts)) // 4 << 4, flag_bits(d.get("flags", "")), d.get("win", 65535), 0, 0)
        body, at = body + opts + data, 16
    elif number == 17:
        body, at = struct.pack("!HHHH", d["sport"], d["dport"], 8 + len(data), 0) + data, 6
    elif number in (1, 58):
        rest = struct.pack("!HH", d.get("id", 0), d.get("seq", 0))
        body, at = struct.pack("!BBH", d["type"], d.get("code", 0), 0) + rest + (build(d["inner"]) if "inner" in d else data), 2
    else:
        return data
    pseudo = b"" if number == 1 else raw(d["src"]) + raw(d["dst"]) + struct.pack("!IHBB", len(body), 0, 0, number)
    value = checksum(pseudo + body)
    if number == 17 and value == 0:
        value = 0xFFFF
    if d.get("badsum"):
        value ^= 0x5555
    return body[:at] + struct.pack("!H", value) + body[at + 2:]


def ip(d, payload, number, frag=None):
    ttl = d.get("ttl", 64)
    if is_v6(d["src"]):
        if frag:
            head = struct.pack("!BBHI", number, 0, frag["off"] | (1 if frag["mf"] else 0), frag["id"])
            payload, number = head + payload, 44
        return struct.pack("!IHBB", 6 << 28, len(payload), number, ttl) + raw(d["src"]) + raw(d["dst"]) + payload
    bits = 0x4000
    if frag:
        bits = frag["off"] // 8 | (0x2000 if frag["mf"] else 0)
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), frag["id"] if frag else 0, bits, ttl, number, 0)
    head += raw(d["src"]) + raw(d["dst"])
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def build(d):
    number = number_of(d["proto"])
    frag = d.get("frag")
    if not frag:
        return ip(d, transport(d), number)
    if frag["off"] or d.get("l4raw"):
        return ip(d, bytes.fromhex(d["data"]), number, frag)
    body = transport(d)
    if "udplen" in d:
        body = body[:4] + struct.pack("!H", d["udplen"]) + body[6:]
    if "sum" in d:
        at = {6: 16, 17: 6}.get(number, 2)
        body = body[:at] + struct.pack("!H", d["sum"]) + body[at + 2:]
    return ip(d, body, number, frag)


def fragments(d, cuts, ident):
    """The packet in pieces that end at the given offsets of its payload (multiples of 8)."""
    body = transport(d)
    number = number_of(d["proto"])
    at = {6: 16, 17: 6}.get(number, 2)
    whole_sum = struct.unpack_from("!H", body, at)[0]
    head_length = {6: 20, 17: 8}.get(number, 8)
    pieces = []
    edges = [0] + [c for c in cuts if 0 < c < len(body)] + [len(body)]
    for begin, end in zip(edges, edges[1:]):
        frag = {"id": ident, "off": begin, "mf": end != len(body)}
        if begin == 0 and end >= head_length and number in (6, 17):
            piece = {k: v for k, v in d.items() if k not in ("len", "data")}
            piece.update(frag=frag, sum=whole_sum)
            if number == 17:
                piece.update(udplen=len(body), data=body[8:end].hex())
            else:
                piece["data"] = body[20:end].hex()
        else:
            piece = {"src": d["src"], "dst": d["dst"], "proto": d["proto"], "frag": frag, "data": body[begin:end].hex()}
            if begin == 0:
                piece["l4raw"] = True
        pieces.append(piece)
    return pieces


def describe(octets, quoted=False):
    """Of a whole packet; extension headers other than a fragment's do not occur here."""
    v6 = octets[0] >> 4 == 6
    if v6:
        number, src, dst, body = octets[6], octets[8:24], octets[24:40], octets[40:]
        length = struct.unpack_from("!H", octets, 4)[0]
        body = body[:length]
    else:
        head = (octets[0] & 15) * 4
        total = struct.unpack_from("!H", octets, 2)[0]
        number, src, dst, body = octets[9], octets[12:16], octets[16:20], octets[head:total]
    d = {"src": text(src), "dst": text(dst), "proto": NAME.get(number, number)}
    if number in (6, 17) and len(body) >= 8:
        d["sport"], d["dport"] = struct.unpack_from("!HH", body)
    if number == 6 and len(body) >= 20 and not quoted:
        d["seq"], d["ack"], offset, bits, d["win"] = struct.unpack_from("!IIBBH", body, 4)
        d["flags"] = flag_letters(bits)
        d["len"] = len(body) - (offset >> 4) * 4
    elif number == 17 and not quoted:
        d["len"] = len(body) - 8
    elif number in (1, 58) and len(body) >= 8:
        d["type"], d["code"] = body[0], body[1]
        if is_error(number, body[0]):
            if not quoted:
                d["inner"] = describe(body[8:], True)
        else:
            d["id"], seq = struct.unpack_from("!HH", body, 4)
            if not quoted:
                d["seq"] = seq
                d["len"] = len(body) - 8
    elif not quoted:
        d["data"] = body.hex()
    elif number == 47:
        d["data"] = body[:8].hex()  # the call of PPTP is in it
    return d


def fragment_of(octets):
    """(id, offset, more) of a fragment, or None."""
    if octets[0] >> 4 == 6:
        if octets[6] != 44:
            return None
        bits, ident = struct.unpack_from("!HI", octets, 42)
        return ident, bits & 0xFFF8, bool(bits & 1)
    ident, bits = struct.unpack_from("!HH", octets, 4)
    if not bits & 0x3FFF:
        return None
    return ident, (bits & 0x1FFF) * 8, bool(bits & 0x2000)
