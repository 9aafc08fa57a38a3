"""A box in a network namespace of its own: three TUN interfaces as in box.json, forwarding on, no filter of routes, no
limit on answers, nobody listening."""
import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import time

CLONE_NEWNET = 0x40000000
RTF_LOCAL = 0x80000000


class Box:
    def __init__(self, path, family):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        with open(path) as file:
            interfaces = json.load(file)["interfaces"]
        self.family = family
        self.tun = {i["name"]: self._tun(i["name"]) for i in interfaces}
        self.addresses = {i["name"]: [a.split("/")[0] for a in i["addresses"]] for i in interfaces}
        v6 = family == "ipv6"
        if v6:
            for scope in ("all", "default"):
                self.set(f"net/ipv6/conf/{scope}/forwarding", 1)
                self.set(f"net/ipv6/conf/{scope}/accept_ra", 0)
                self.set(f"net/ipv6/conf/{scope}/router_solicitations", 0)
            self.set("net/ipv6/icmp/ratelimit", 0)
        else:
            self.set("net/ipv6/conf/all/disable_ipv6", 1, True)
            self.set("net/ipv6/conf/default/disable_ipv6", 1, True)
        lines = ["link set lo up"]
        for i in interfaces:
            lines.append(f"link set {i['name']} multicast off addrgenmode none")  # no talk, no redirects
            lines.append(f"link set {i['name']} up")
            for address in i["addresses"]:
                if (":" in address) == v6:
                    lines.append(f"addr add {address} dev {i['name']}" + (" nodad" if v6 else ""))
            if i.get("default_route"):
                lines.append(f"route add default dev {i['name']}")
        run(["ip", "-6" if v6 else "-4", "-batch", "-"], "\n".join(lines) + "\n")
        if v6:
            self.wait_for_addresses()
        else:
            self.set("net/ipv4/ip_forward", 1)
            for scope in ["all", "default"] + list(self.tun):
                self.set(f"net/ipv4/conf/{scope}/rp_filter", 0)
                self.set(f"net/ipv4/conf/{scope}/send_redirects", 0)
        self.set("net/ipv4/icmp_ratelimit", 0)
        self.set("net/ipv4/icmp_ratemask", 0)
        self.set("net/ipv4/icmp_msgs_per_sec", 1000000, True)
        self.set("net/ipv4/icmp_msgs_burst", 1000000, True)
        self.set("net/netfilter/nf_log/2", "nfnetlink_log", True)
        self.set("net/netfilter/nf_log/10", "nfnetlink_log", True)
        kind = socket.AF_INET6 if v6 else socket.AF_INET
        self.raw = socket.socket(kind, socket.SOCK_RAW, socket.IPPROTO_RAW)
        if v6:
            self.raw.setsockopt(socket.IPPROTO_IPV6, 36, 1)  # IPV6_HDRINCL

    def wait_for_addresses(self):
        """IPv6 addresses are the box's own only some time after they were given to it."""
        wanted = {socket.inet_pton(socket.AF_INET6, a).hex() for own in self.addresses.values() for a in own if ":" in a}
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with open("/proc/net/ipv6_route") as file:
                local = {words[0] for words in map(str.split, file) if int(words[8], 16) & RTF_LOCAL}
            if wanted <= local:
                return
            time.sleep(0.01)
        raise RuntimeError("the IPv6 addresses do not come up")

    @staticmethod
    def _tun(name):
        fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(fd, 0x400454CA, struct.pack("16sH22x", name.encode(), 0x1001))  # TUNSETIFF: TUN, no head
        return fd

    @staticmethod
    def set(path, value, may_be_missing=False):
        try:
            with open("/proc/sys/" + path, "w") as file:
                file.write(str(value))
        except OSError:
            if not may_be_missing:
                raise

    def is_own(self, octets):
        """Whether a packet of the box goes to the box itself, by `lo`."""
        v6 = octets[0] >> 4 == 6
        target = socket.inet_ntop(socket.AF_INET6, octets[24:40]) if v6 else socket.inet_ntop(socket.AF_INET, octets[16:20])
        return target in sum(self.addresses.values(), ["::1"]) or target.startswith("127.")

    def arrive(self, interface, octets):
        """The kernel has done everything with the packet when this returns."""
        os.write(self.tun[interface], octets)

    def send(self, octets, target):
        try:
            self.raw.sendto(octets, (target, 0))
        except OSError:
            pass  # EPERM: the rules dropped it

    def left(self):
        """Packets that went out since the last call: (interface, octets)."""
        out = []
        for name, fd in self.tun.items():
            while True:
                try:
                    octets = os.read(fd, 70000)
                    if not is_link_talk(octets):
                        out.append((name, octets))
                except BlockingIOError:
                    break
        return out


def is_link_talk(octets):
    """What an IPv6 stack says to its link by itself; the packets here are never multicast."""
    return octets[0] >> 4 == 6 and octets[24] == 0xFF


def run(command, text=None):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
