"""A foreign client's view of a served endpoint mapper: python3 impacket_client.py HOST

Lists the mapper, asks it for the directory and the store, binds to the ports it names, makes a first call at each, and
tries what an anonymous-only server refuses. Prints what it found; any surprise is an exception.
"""
import sys

from impacket.dcerpc.v5 import epm, mgmt, nspi, rpcrt, transport
from impacket.uuid import uuidtup_to_bin

host = sys.argv[1]
NSPI = ("f5cc5a18-4264-101a-8c59-08002b2f8426", "56.0")
EMSMDB = ("a4f1db00-ca47-1067-b31f-00dd010662da", "0.81")


def connected(binding):
    dce = transport.DCERPCTransportFactory(binding).get_dce_rpc()
    dce.connect()
    return dce


def must_fail(what, words, action):
    try:
        action()
    except Exception as error:  # impacket raises a class for each PDU
        assert words in str(error), f"{what}: {error}"
        print(f"{what}: refused, {words}")
        return
    raise AssertionError(f"{what} was not refused")


# The whole list, 500 entries at a time, as rpcdump does it.
dce = connected(f"ncacn_ip_tcp:{host}[135]")
entries = epm.hept_lookup(None, dce=dce)
for entry in entries:
    interface = epm.PrintStringBinding(entry["tower"]["Floors"])
    print(entry["annotation"].decode().rstrip("\0"), interface)
assert len(entries) == 10, len(entries)
dce.disconnect()

# ept_map for both services, and a bind to each port; its management interface is there, too.
for name, interface in (("directory", NSPI), ("store", EMSMDB)):
    binding = epm.hept_map(host, uuidtup_to_bin(interface), protocol="ncacn_ip_tcp")
    assert binding.startswith(f"ncacn_ip_tcp:{host}["), binding
    print(name, binding)
    dce = connected(binding)
    dce.bind(uuidtup_to_bin(interface))
    if name == "directory":
        answer = nspi.hNspiBind(dce)
        assert answer["ErrorCode"] == 0, answer["ErrorCode"]
        answer = nspi.hNspiUnbind(dce, answer["contextHandle"])
        print("NspiBind and NspiUnbind answered")
    else:
        dce.call(6, b"")  # EcDummyRpc
        assert dce.recv() == b"\0\0\0\0"
        print("EcDummyRpc answered")
    must_fail("an operation beyond the range", "nca_s_op_rng_error", lambda: (dce.call(200, b""), dce.recv()))
    dce.disconnect()
    dce = connected(binding)
    dce.bind(mgmt.MSRPC_UUID_MGMT)
    assert mgmt.his_server_listening(dce)["status"] == 0
    served = mgmt.hinq_if_ids(dce)
    print(name, "interfaces by inq_if_ids:", served["if_id_vector"]["count"])
    dce.disconnect()

# Not registered, not served here, and credentials that an anonymous-only server does not take (bind_nak 8).
must_fail("an unknown interface", "ept_s_not_registered",
          lambda: epm.hept_map(host, uuidtup_to_bin(("12345678-1234-abcd-ef00-0123456789ab", "1.0")),
                               protocol="ncacn_ip_tcp"))
dce = connected(f"ncacn_ip_tcp:{host}[135]")
must_fail("the directory at the mapper's port", "abstract_syntax_not_supported",
          lambda: dce.bind(uuidtup_to_bin(NSPI)))
dce = connected(f"ncacn_ip_tcp:{host}[135]")
dce.set_credentials("user", "password")
dce.set_auth_level(rpcrt.RPC_C_AUTHN_LEVEL_CONNECT)
must_fail("NTLM", "code: 0x8", lambda: dce.bind(epm.MSRPC_UUID_PORTMAP))
dce = connected(f"ncacn_ip_tcp:{host}[135]")
dce.set_max_fragment_size(8)  # a request in very small fragments
assert len(epm.hept_lookup(None, dce=dce)) == 10
print("small fragments answered")
