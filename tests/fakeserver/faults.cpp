// Every registry mistake of exchange-ports.md section 11 and the ports that come of it.
#include "fakeserver/machine.hpp"
#include "fakeserver/review.hpp"
#include "fakeserver/start_report.hpp"
#include "registry_support.hpp"

#include <array>
#include <vector>

namespace fakeserver::testing {
namespace {

const std::string ds = services("MSExchangeDS\\Parameters");
const std::string is = services("MSExchangeIS\\ParametersSystem");
const std::string sa = services("MSExchangeSA\\Parameters");
const std::string mta = services("MSExchangeMTA\\Parameters");
const std::string rpc_key(rpc_internet_key);
const std::string yes = "\"PortsInternetAvailable\"=\"Y\"\n\"UseInternetPorts\"=\"Y\"\n";

std::string port(unsigned number, std::string_view name = "TCP/IP port") {
    std::string hex;
    for (int shift = 28; shift >= 0; shift -= 4)
        hex += "0123456789abcdef"[number >> static_cast<unsigned>(shift) & 15U];
    return "\"" + std::string(name) + "\"=dword:" + hex + "\n";
}

// "SA 5002 DS dynamic IS taken" in short: a port, "dyn", "rpc", or the reason for none.
std::string outcome(const ServiceStart& start) {
    switch (start.no_tcp) {
        case NoTcp::has_tcp:
            if (start.source == PortSource::fixed) return std::to_string(start.port.value);
            return start.source == PortSource::rpc_range ? "rpc" : "dyn";
        case NoTcp::absent: return "absent";
        case NoTcp::stopped: return "stopped";
        case NoTcp::dependency_stopped: return "dependency";
        case NoTcp::value_unusable: return "unusable";
        case NoTcp::taken:
            return start.taken_by == TakenBy::service  ? "taken by " + std::string(short_name(start.taker))
                   : start.taken_by == TakenBy::mapper ? "taken by mapper"
                                                       : "taken";
        case NoTcp::rpc_range_void: return "void";
        case NoTcp::range_exhausted: return "exhausted";
    }
    return "?";
}

struct Case {
    const char* name;
    std::string body;
    std::array<std::string, 4> expected;  // SA, DS, IS, MTA
    std::string finding{};                // an id of review_registry; empty = not looked for
    StartConditions conditions{};
};

const std::array<std::string, 4> all_dynamic{"dyn", "dyn", "dyn", "dyn"};
const std::array<std::string, 4> all_void{"void", "void", "void", "void"};

void check(const Case& c) {
    BOOST_TEST_CONTEXT(c.name) {
        const Registry registry = registry_of(c.body);
        const PortPolicy policy = make_port_policy(registry, c.conditions);
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            base::Random random(seed);
            const ServerStart start = start_services(policy, random);
            constexpr std::array order{Service::attendant, Service::directory, Service::information_store,
                                       Service::mta};
            for (std::size_t i = 0; i < order.size(); ++i) {
                BOOST_TEST(outcome(start.of(order[i])) == c.expected[i]);
                BOOST_TEST(!explain(policy, start, order[i]).empty());
            }
        }
        if (c.finding.empty()) return;
        std::string ids;
        bool found = false;
        for (const base::Diagnostic& d : review_registry(registry, c.conditions)) {
            found = found || d.id == c.finding;
            ids += d.id + " ";
            BOOST_TEST(d.place.line > 0U);
        }
        BOOST_TEST(found, "findings: " << ids << "; expected " << c.finding);
    }
}

BOOST_AUTO_TEST_CASE(port_values) {
    const std::vector<Case> cases{
        {"as installed", ds, all_dynamic},
        {"both pinned", ds + port(5001) + is + port(5002), {"dyn", "5001", "5002", "dyn"}},
        {"all pinned",
         sa + port(5003) + ds + port(5001) + is + port(5002) + mta + port(5004, "TCP/IP port for RPC listens"),
         {"5003", "5001", "5002", "5004"}},
        {"any case of the name", ds + port(5001, "tcp/ip PORT"), {"dyn", "5001", "dyn", "dyn"}},
        {"MTA name in other case",
         mta + port(5004, "tcp/ip port for rpc listens"),
         {"dyn", "dyn", "dyn", "5004"},
         "mta-name-case"},
        {"MTA with the others' name", mta + port(5004), all_dynamic, "port-misspelt"},
        {"5000 typed in hexadecimal", ds + port(0x5001), {"dyn", "20481", "dyn", "dyn"}, "port-hex-typed"},
        // In random mode SA, which starts earlier, now and then draws a port of the dynamic range that is DS's own.
        {"1225 typed in hexadecimal",
         ds + port(0x1225),
         {"dyn", "4645", "dyn", "dyn"},
         "port-hex-typed",
         {.dynamic = DynamicMode::in_order}},
        {"10000 typed in hexadecimal", ds + port(0x10000), {"dyn", "unusable", "dyn", "dyn"}, "port-above-65535"},
        {"1388 typed as decimal",
         ds + port(1388),
         {"dyn", "1388", "dyn", "dyn"},
         "port-in-dynamic-range",
         {.dynamic = DynamicMode::in_order}},
        {"wrong subkey", services("MSExchangeIS\\Parameters") + port(5002), all_dynamic, "port-wrong-key"},
        {"private subkey", services("MSExchangeIS\\ParametersPrivate") + port(5002), all_dynamic, "port-wrong-key"},
        {"no subkey", services("MSExchangeDS") + port(5001), all_dynamic, "port-wrong-key"},
        {"REG_SZ", is + "\"TCP/IP port\"=\"5002\"\n", all_dynamic, "port-wrong-type"},
        {"REG_BINARY", is + "\"TCP/IP port\"=hex:8a,13,00,00\n", all_dynamic, "port-wrong-type"},
        {"REG_DWORD of three octets", is + "\"TCP/IP port\"=hex(4):8a,13,00\n", all_dynamic, "port-wrong-type"},
        {"misspelt", is + port(5002, "TCPIP port"), all_dynamic, "port-misspelt"},
        {"port 0", is + port(0), {"dyn", "dyn", "unusable", "dyn"}, "port-zero"},
        {"65535", is + port(65535), {"dyn", "dyn", "65535", "dyn"}},
        {"the largest dword", is + port(0xffffffff), {"dyn", "dyn", "unusable", "dyn"}, "port-above-65535"},
        {"the mapper's port", is + port(135), {"dyn", "dyn", "taken by mapper", "dyn"}, "port-is-mapper"},
        {"same port on DS and IS",
         ds + port(6000) + is + port(6000),
         {"dyn", "6000", "taken by DS", "dyn"},
         "port-duplicate"},
        {"same port on SA and IS",
         sa + port(6000) + is + port(6000),
         {"6000", "dyn", "taken by SA", "dyn"},
         "port-duplicate"},
        {"port of a named-pipe listener", is + port(139), {"dyn", "dyn", "taken", "dyn"}, "port-busy"},
        {"the article's own 5000", ds + port(5000) + sa + port(5005), {"5005", "5000", "dyn", "dyn"}, "port-boundary"},
        {"well-known", is + port(80), {"dyn", "dyn", "80", "dyn"}, "port-low"},
        {"other control set",
         "[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet002\\Services\\MSExchangeDS\\Parameters]\n" + port(5001), all_dynamic,
         "other-control-set"},
        {"current set by number",
         "[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\MSExchangeDS\\Parameters]\n" + port(5001),
         {"dyn", "5001", "dyn", "dyn"}},
        {"value deleted again", ds + port(5001) + ds + "\"TCP/IP port\"=-\n", all_dynamic},
        {"key deleted again",
         ds + port(5001) + "[-HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeDS]\n", all_dynamic},
        {"busy port", is + port(5002), {"dyn", "dyn", "taken", "dyn"}, "port-busy", {.busy = {wire::Port{5002}}}},
        {"just above 1023",
         is + port(1100),
         {"dyn", "dyn", "1100", "dyn"},
         "port-just-above-1023",
         {.dynamic = DynamicMode::in_order}},
        {"store stopped",
         is + port(5002),
         {"dyn", "dyn", "stopped", "dyn"},
         "",
         {.stopped = {Service::information_store}}},
        {"attendant stopped",
         is + port(5002),
         {"stopped", "dependency", "dependency", "dependency"},
         "",
         {.stopped = {Service::attendant}}},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(nothing_to_say_about_sound_registries) {
    const std::string range = "\"Ports\"=" + multi_sz({"6000-6099"}) + "\n";
    for (const std::string& body :
         {ds, ds + port(5001) + is + port(5002), ds + port(30000) + is + port(20500), rpc_key + range + yes,
          rpc_key + range + yes + ds + port(5001), mta + port(102, "RFC1006 Port Number")}) {
        const auto findings = review_registry(registry_of(body), {});
        BOOST_TEST(findings.empty(), (findings.empty() ? std::string() : base::format(findings.front())));
    }
}

BOOST_AUTO_TEST_CASE(rpc_range) {
    const std::string range = "\"Ports\"=" + multi_sz({"6000-6099"}) + "\n";
    const std::array<std::string, 4> all_rpc{"rpc", "rpc", "rpc", "rpc"};
    const std::vector<Case> cases{
        {"used", rpc_key + range + yes, all_rpc},
        {"N and N is the list too", rpc_key + range + "\"PortsInternetAvailable\"=\"N\"\n\"UseInternetPorts\"=\"N\"\n",
         all_rpc},
        {"Y and N: the rest", rpc_key + range + "\"PortsInternetAvailable\"=\"Y\"\n\"UseInternetPorts\"=\"N\"\n",
         all_dynamic, "rpc-range-not-used"},
        {"N and Y: the rest", rpc_key + range + "\"PortsInternetAvailable\"=\"N\"\n\"UseInternetPorts\"=\"Y\"\n",
         all_dynamic, "rpc-range-not-used"},
        {"small letters", rpc_key + range + "\"PortsInternetAvailable\"=\"y\"\n\"UseInternetPorts\"=\"y\"\n", all_rpc},
        {"own port beside it", rpc_key + range + yes + ds + port(5001), {"rpc", "5001", "rpc", "rpc"}},
        {"own port inside it",
         rpc_key + range + yes + sa + port(6000),
         {"6000", "rpc", "rpc", "rpc"},
         "port-in-rpc-range"},
        {"one bad entry", rpc_key + "\"Ports\"=" + multi_sz({"6000-6099", "7o00"}) + "\n" + yes, all_void,
         "rpc-range-void"},
        {"voids own ports too", rpc_key + "\"Ports\"=" + multi_sz({"x"}) + "\n" + yes + ds + port(5001), all_void,
         "rpc-range-void"},
        {"turned round", rpc_key + "\"Ports\"=" + multi_sz({"6099-6000"}) + "\n" + yes, all_void, "rpc-range-void"},
        {"above 65535", rpc_key + "\"Ports\"=" + multi_sz({"65000-65536"}) + "\n" + yes, all_void, "rpc-range-void"},
        {"empty list", rpc_key + "\"Ports\"=hex(7):00,00\n" + yes, all_void, "rpc-range-void"},
        {"REG_SZ", rpc_key + "\"Ports\"=\"6000-6099\"\n" + yes, all_void, "rpc-range-void"},
        {"no Ports", rpc_key + yes, all_void, "rpc-range-void"},
        {"no PortsInternetAvailable", rpc_key + range + "\"UseInternetPorts\"=\"Y\"\n", all_void, "rpc-range-void"},
        {"no UseInternetPorts", rpc_key + range + "\"PortsInternetAvailable\"=\"Y\"\n", all_void, "rpc-range-void"},
        {"yes in full", rpc_key + range + "\"PortsInternetAvailable\"=\"Yes\"\n\"UseInternetPorts\"=\"Y\"\n", all_void},
        {"Y as dword", rpc_key + range + "\"PortsInternetAvailable\"=dword:1\n\"UseInternetPorts\"=\"Y\"\n", all_void},
        {"UTF-16 octets in a REGEDIT4 file", rpc_key + "\"Ports\"=hex(7):35,00,2d,00,36,00,00,00\n" + yes, all_void},
        {"key without values", rpc_key, all_dynamic},
        {"under Rpc", "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc]\n" + range + yes, all_dynamic,
         "rpc-range-misplaced"},
        {"two ports for four",
         rpc_key + "\"Ports\"=" + multi_sz({"6000-6001"}) + "\n" + yes,
         {"rpc", "rpc", "exhausted", "exhausted"},
         "rpc-range-small"},
        {"only port 0",
         rpc_key + "\"Ports\"=" + multi_sz({"0"}) + "\n" + yes,
         {"exhausted", "exhausted", "exhausted", "exhausted"}},
        {"all busy",
         rpc_key + "\"Ports\"=" + multi_sz({"6000"}) + "\n" + yes,
         {"exhausted", "exhausted", "exhausted", "exhausted"},
         "",
         {.busy = {wire::Port{6000}}}},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(later_releases) {
    const StartConditions exchange_2003{.version = ExchangeVersion::v2003, .windows = Windows::w2003};
    const StartConditions exchange_2007{.version = ExchangeVersion::v2007, .windows = Windows::w2008};
    const StartConditions exchange_2010{.version = ExchangeVersion::v2010, .windows = Windows::w2008};
    const std::string address_book = services("MSExchangeAB\\Parameters");
    const std::vector<Case> cases{
        {"2003: referral and directory proxy",
         sa + port(6001, "TCP/IP Port") + port(6002, "TCP/IP NSPI Port") + is + port(6003),
         {"6001", "6002", "6003", "dyn"},
         "",
         exchange_2003},
        {"2003: the DS value of 5.5", ds + port(6001), all_dynamic, "", exchange_2003},
        {"2003: same port twice in one process",
         sa + port(6001, "TCP/IP Port") + port(6001, "TCP/IP NSPI Port"),
         {"6001", "taken by SA", "dyn", "dyn"},
         "port-duplicate",
         exchange_2003},
        {"2007 has no MTA", is + port(61000), {"dyn", "dyn", "61000", "absent"}, "", exchange_2007},
        {"2010",
         address_book + "\"RpcTcpPort\"=\"59532\"\n" + services("MSExchangeRPC\\ParametersSystem") + port(59531),
         {"dyn", "59532", "59531", "absent"},
         "",
         exchange_2010},
        {"2010: address book as REG_DWORD",
         address_book + port(59532, "RpcTcpPort"),
         {"dyn", "dyn", "dyn", "absent"},
         "port-wrong-type",
         exchange_2010},
        {"2010: no number",
         address_book + "\"RpcTcpPort\"=\"port 1\"\n",
         {"dyn", "dyn", "dyn", "absent"},
         "port-wrong-type",
         exchange_2010},
        {"2010: huge number",
         address_book + "\"RpcTcpPort\"=\"99999999999999999999\"\n",
         {"dyn", "unusable", "dyn", "absent"},
         "port-above-65535",
         exchange_2010},
        {"2010: the store's value of 5.5", is + port(59531), {"dyn", "dyn", "dyn", "absent"}, "", exchange_2010},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(what_is_logged_and_what_is_not) {
    StartConditions conditions;
    conditions.busy = {wire::Port{6000}};
    const std::string mta_value = port(6000, "TCP/IP port for RPC listens");
    const PortPolicy policy = make_port_policy(
        registry_of(sa + port(6000) + ds + port(6000) + is + port(6000) + mta + mta_value), conditions);
    base::Random random(1);
    const ServerStart start = start_services(policy, random);
    const auto log = event_log(policy, start);
    BOOST_REQUIRE(log.size() == 2U);  // SA and IS are silent (Q180795)
    BOOST_TEST(log[0].source == "MSExchangeDS");
    BOOST_TEST(log[0].id == 1166U);
    BOOST_TEST(log[0].error == 1720U);
    BOOST_TEST((log[0].text.find("1720") != std::string::npos && log[0].text.find("3230203") != std::string::npos));
    BOOST_TEST(log[1].source == "MSExchangeMTA");
    BOOST_TEST(log[1].id == 9321U);
    BOOST_TEST(explain(policy, start, Service::information_store) ==
               "IS has no TCP port: 6000 (test.reg:8) is taken by another program");
    const auto open = listeners(policy, start);
    BOOST_REQUIRE(open.size() == 3U);
    BOOST_TEST(open[0].port.value == 135U);
    BOOST_TEST(open[1].port.value == 139U);
    BOOST_TEST(open[2].program == "another program");
}

BOOST_AUTO_TEST_CASE(a_change_waits_for_a_restart) {
    Machine machine({});
    base::Random random(7);
    machine.boot(random);
    const ServerStart before = machine.running();
    machine.import(*parse_text(
        "REGEDIT4\n" + is + port(5002) + rpc_key + "\"Ports\"=" + multi_sz({"6000-6099"}) + "\n" + yes, "later.reg"));
    BOOST_TEST((machine.running() == before));
    const auto pending = machine.pending();
    BOOST_REQUIRE(pending.size() == 2U);
    BOOST_TEST((pending[0].service == Service::information_store));
    BOOST_TEST(pending[0].value == "MSExchangeIS\\ParametersSystem: TCP/IP port");
    BOOST_TEST(pending[0].in_force == "dynamic");
    BOOST_TEST(pending[0].on_disk == "TCP 5002");
    BOOST_TEST(base::format(pending[0].written->place) == "later.reg:3:1");
    BOOST_TEST(pending[1].needs == "restart of the computer");

    machine.restart(Service::information_store, random);
    BOOST_TEST(machine.running().of(Service::information_store).port.value == 5002U);
    for (const Service other : {Service::attendant, Service::directory, Service::mta})
        BOOST_TEST((machine.running().of(other) == before.of(other)));
    BOOST_TEST(machine.pending().size() == 1U);

    machine.restart(Service::directory, random);  // IS and MTA restart with it; the range is still the old one
    BOOST_TEST((machine.running().of(Service::attendant) == before.of(Service::attendant)));
    BOOST_TEST(outcome(machine.running().of(Service::directory)) == "dyn");
    machine.boot(random);
    BOOST_TEST(machine.pending().empty());
    BOOST_TEST(outcome(machine.running().of(Service::directory)) == "rpc");
}

}  // namespace
}  // namespace fakeserver::testing
