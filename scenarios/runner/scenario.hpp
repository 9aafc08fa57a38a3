// A scenario as plain data: what a scenario file says, with every default filled in and every case and site resolved.
//
// Made by load.hpp, read by whoever stages it. Nothing here knows a network, a packet filter or a file system; the
// words are the file's own, and the staging translates them into the rooms' types. Whatever may turn out wrong later
// (a path, an address, a port, a name) keeps the place where it was written, so that a later diagnostic can still
// point into the file: `scenario.source->diagnose(severity, placed.place, ...)` when the place lies in that file.
//
// How a variant is made. A scenario is a base, and perhaps cases and sites. Each variant is base, then site, then case
// laid over one another: tables are merged key by key, lists and values replace. Exceptions:
//   - `expect` of a case or site replaces the one below it whole;
//   - `allow`, `rule`, `rules` and `import` are alternatives: whoever gives one drops the others of the layers below,
//     and with them `import_format`, `acl`, `acl_return`, `client_side`, `server_side` and `chain`;
//   - a table laid over a list of servers or firewalls must say by `name` which one it changes; a list over a table
//     replaces it, and inherits nothing from it.
// With sites the base itself is no variant: it is only what the sites have in common.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/base/time.hpp"
#include "sim/rpc/uuid.hpp"
#include "sim/wire/address.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

namespace base = sim::base;
namespace wire = sim::wire;

// A value and where it was written; a default has a place without a line.
template <class T>
struct Placed {
    T value{};
    base::Place place;

    bool written() const { return place.line != 0; }
};

using Name = Placed<std::string>;
using Address = Placed<wire::IpAddress>;
using Ports = Placed<wire::PortRange>;  // one entry of a list of ports
using PortList = std::vector<Ports>;

// A file that the scenario names. It was read when the scenario was loaded, once however often it is named, so the
// staging needs no file system; variants share the text.
struct FileRef {
    std::string written;                      // as it stands in the scenario
    std::string path;                         // relative to the scenario's folder, made whole; `/` between the parts
    base::Place place;                        // where it is named
    std::shared_ptr<const std::string> text;  // octets as found; never null in a scenario that loaded
};

// A share of all starts: numerator <= denominator, denominator a power of ten times 100. "99.9%" is 999/1000.
struct Ratio {
    std::uint64_t numerator = 0;
    std::uint64_t denominator = 100;

    bool operator==(const Ratio&) const = default;
};

// ---------------------------------------------------------------------------------------------- words of the format

enum class ServerVersion : std::uint8_t {
    exchange_4_0,
    exchange_5_0,
    exchange_5_5,
    exchange_2000,
    exchange_2003,
    exchange_2007,
    exchange_2010,
};
enum class Windows : std::uint8_t { nt4, windows_2000, windows_xp, windows_2003, windows_2008 };  // XP: clients only
enum class DynamicPorts : std::uint8_t { random, in_order };
enum class Service : std::uint8_t { attendant, directory, information_store, mta };
enum class ClientAction : std::uint8_t { logon, check_name, new_mail, admin, public_folders };
enum class Binding : std::uint8_t { ncacn_ip_tcp, ncacn_np };

enum class RuleAction : std::uint8_t { allow, drop, reject };  // of rules, and of `default`
enum class RuleProtocol : std::uint8_t { tcp, udp, icmp, any };
enum class Direction : std::uint8_t { to_server, to_client, both };
enum class RejectWith : std::uint8_t { tcp_reset, port_unreachable, admin_prohibited };
enum class ImportFormat : std::uint8_t { iptables, cisco, cisco_asa, nft };
enum class Inspector : std::uint8_t { dcerpc };
enum class PinholeUses : std::uint8_t { many, one };

enum class Outcome : std::uint8_t { works, fails, sometimes };
enum class FailsAt : std::uint8_t { name, endpoint_mapper, directory, information_store, attendant };

enum class StepKind : std::uint8_t {
    check,
    import_registry,
    restart_service,
    restart_server,
    replace_firewall,
    logon,
    use,
    wait,
};

// The word as the file spells it: "information-store", "nt4", "5.5".
std::string_view id(ServerVersion);
std::string_view id(Windows);
std::string_view id(DynamicPorts);
std::string_view id(Service);
std::string_view id(ClientAction);
std::string_view id(Binding);
std::string_view id(RuleAction);
std::string_view id(RuleProtocol);
std::string_view id(Direction);
std::string_view id(RejectWith);
std::string_view id(ImportFormat);
std::string_view id(Inspector);
std::string_view id(PinholeUses);
std::string_view id(Outcome);
std::string_view id(FailsAt);
std::string_view id(StepKind);

// --------------------------------------------------------------------------------------------------- the set-up

// The first server holds the mailbox, the others public folders. Server n is EXCH0n at 10.0.0.(9+n) unless said.
struct ServerSetup {
    Name name{"EXCH01", {}};
    Address address{wire::IpAddress::v4(10, 0, 0, 10), {}};
    std::optional<Address> public_address;  // `public`: by which clients know it; absent: as the firewalls translate
    Placed<ServerVersion> version{ServerVersion::exchange_5_5, {}};
    Placed<Windows> windows{Windows::nt4, {}};
    std::vector<FileRef> registry;  // imported in this order
    PortList busy_ports;            // taken by other programs before Exchange starts
    DynamicPorts dynamic = DynamicPorts::random;
    std::vector<Placed<Service>> stopped;
    std::optional<PortList> listen;  // other open ports; absent: those that its Windows opens (139; 445 from 2000)
};

struct KnownServicePort {  // not the MTA's: no client calls it
    Placed<Service> service;
    Placed<wire::Port> port;
};

struct ClientSetup {
    Name name{"PC-17", {}};
    Address address{wire::IpAddress::v4(192, 0, 2, 50), {}};  // site n: 192.0.2.(49+n) unless said
    Windows windows = Windows::windows_2000;
    std::vector<Placed<ClientAction>> actions{{ClientAction::logon, {}}};  // `do`: not empty, each once, in this order
    std::vector<Placed<Binding>> binding_order{{Binding::ncacn_ip_tcp, {}}};  // not empty, each once
    bool resolves = true;                       // the client can turn the server's name into its address
    std::vector<KnownServicePort> known_ports;  // never asked for
    bool remembers_ports = false;               // asks once for each service
    bool seals_mapper = false;                  // asks under packet privacy
};

// One [[firewall.rule]]. An empty list of addresses or ports means any.
struct NativeRule {
    RuleAction action = RuleAction::allow;
    RuleProtocol protocol = RuleProtocol::tcp;
    std::vector<Placed<wire::Prefix>> from;
    PortList from_port;  // only with tcp or udp
    std::vector<Placed<wire::Prefix>> to;
    PortList port;  // of the target; only with tcp or udp
    Direction direction = Direction::to_server;
    bool log = false;
    std::string note;
    base::Place place;  // of the rule's [[firewall.rule]]
};

// Where a firewall's rules come from: at most one of the four.
enum class RuleSource : std::uint8_t { none, allow, rules, native_file, import_file };

struct Rules {
    RuleSource source = RuleSource::none;               // none: the default decides alone
    PortList allow;                                     // source allow: TCP from any client to any server
    std::vector<NativeRule> rules;                      // source rules: first match wins
    std::optional<FileRef> file;                        // source native_file (`rules`) or import_file (`import`)
    std::optional<Placed<ImportFormat>> import_format;  // absent: found from the contents
    std::optional<Name> acl;                            // the list for client to server
    std::optional<Name> acl_return;                     // and back
    std::optional<Name> client_side;                    // interface names
    std::optional<Name> server_side;
    std::optional<Name> chain;
    base::Place place;  // of the key that gives the rules, else of the firewall
};

struct Translation {  // one entry of `nat`
    Address public_address;
    Address private_address;
    base::Place place;
};

struct FirewallSetup {
    Name name{"firewall", {}};  // firewall-1, firewall-2 ... when several and not said
    RuleAction default_action = RuleAction::drop;
    Rules rules;
    Placed<bool> stateful{true, {}};
    std::optional<Placed<RejectWith>> reject_with;  // absent: tcp-reset for TCP, port-unreachable for the rest
    std::vector<Placed<Inspector>> inspect;
    // What inspection does; without it these say nothing.
    std::vector<Placed<sim::rpc::Uuid>> inspect_interfaces;  // empty: every interface
    std::optional<Placed<base::SimDuration>> inspect_lookups;
    std::optional<Placed<bool>> inspect_mapper_only;
    std::optional<Placed<base::SimDuration>> pinhole_timeout;
    std::optional<Placed<PinholeUses>> pinhole_uses;
    std::optional<Placed<base::SimDuration>> idle_timeout;
    std::vector<Translation> nat;                // one to one; not with an imported file, which has its own
    std::optional<Address> client_side_address;  // the firewall's own, on either side
    std::optional<Address> server_side_address;
    base::Place place;  // of its table
};

struct NetworkSetup {
    base::SimDuration latency = std::chrono::milliseconds(10);
    Ratio loss{0, 100};
    std::uint32_t mtu = 1500;  // octets
    // Where clients find the endpoint mapper. Windows has it on 135 alone; another port is a tunnel or a forwarder.
    Placed<wire::Port> mapper_port{wire::Port{135}, {}};
};

// ------------------------------------------------------------------------------------------------- what must come out

struct ServicePorts {
    Placed<Service> service;
    PortList ports;  // its port must be one of these; not empty
};

struct ShareRange {  // both ends included
    Ratio low;
    Ratio high;
};

// Only what was written is checked.
struct Expectation {
    std::optional<Placed<Outcome>> logon;
    std::optional<Placed<FailsAt>> fails_at;
    std::optional<Name> because;  // a reason id; its spelling is checked by whoever knows the reasons
    std::optional<Placed<ShareRange>> works;
    std::vector<ServicePorts> ports;
    std::optional<PortList> open_only;
    std::vector<Name> warns;  // ids of warnings that must be among those given
    std::optional<Placed<Outcome>> new_mail;
    std::optional<Placed<base::SimDuration>> within;
    std::vector<Name> says;  // each must be part of the message that the user sees
    base::Place place;
};

// Seeds first to last, both included; one server start each.
struct Sweep {
    std::uint64_t first = 1;
    std::uint64_t last = 1;
    base::Place place;

    std::uint64_t count() const { return last - first + 1; }
};

// One complete rehearsal: everything that a case or a site may change.
struct Setup {
    std::vector<ServerSetup> servers;  // at least one
    ClientSetup client;
    std::vector<FirewallSetup> firewalls;  // from client to server; empty: nothing stands in between
    NetworkSetup network;
    std::optional<Expectation> expect;  // absent: the run only tells what happened
    std::optional<Sweep> sweep;         // absent: one start. Never together with steps.
};

// --------------------------------------------------------------------------------------------- steps and the scenario

// What must hold after a step, at one site where the scenario has sites. `expect = "works"` is logon = "works", and
// with sites it is one entry for each of them.
struct StepExpectation {
    std::optional<std::size_t> site;  // index into Scenario::sites; set whenever the scenario has sites
    Expectation expect;
    base::Place place;
};

struct Step {
    Placed<StepKind> kind;
    std::string note;
    std::vector<StepExpectation> expect;
    std::optional<Placed<base::SimDuration>> outage;  // planned; longer is a failure. Absent: not planned, not checked
    std::optional<FileRef> file;                      // import-registry
    std::optional<Placed<Service>> service;           // restart-service; the ones that depend on it restart too
    std::size_t server = 0;                           // import-registry, restart-*: index into Setup::servers
    Rules rules;                                      // replace-firewall: native_file or import_file
    std::optional<std::size_t> site;                  // replace-firewall; set whenever the scenario has sites
    std::size_t firewall = 0;                         // replace-firewall: index into Setup::firewalls of that site
    base::SimDuration wait{};                         // wait
    base::Place place;
};

// One entry of newly_works or newly_breaks: a site where the scenario has sites, else an action of the client.
struct NamedChange {
    std::optional<std::size_t> site;
    std::optional<ClientAction> action;
    base::Place place;
};

// Ports of the server that opened or closed, at a site where the scenario has sites. Together they are exactly what may
// change: a site that is not named must have no change.
struct PortChange {
    std::optional<std::size_t> site;
    PortList ports;
};

// The last state compared with the first check. An absent list is not checked; an empty one means "none".
struct After {
    std::optional<std::vector<NamedChange>> newly_works;
    std::optional<std::vector<NamedChange>> newly_breaks;
    std::optional<std::vector<PortChange>> newly_open;
    std::optional<std::vector<PortChange>> newly_closed;
    base::Place place;
};

struct CaseInfo {
    std::string title;  // unique, printable
    base::Place place;
};

struct SiteInfo {
    std::string name;  // unique, printable
    base::Place place;
};

struct Variant {
    std::optional<std::size_t> case_index;  // absent: the base
    std::optional<std::size_t> site_index;  // absent: the scenario has no sites
    Setup setup;
};

struct Scenario {
    std::shared_ptr<const base::SourceText> source;  // its name is the path that was loaded
    std::uint32_t format = 1;
    std::string title;  // printable, not empty
    base::Place title_place;
    std::string about;
    std::vector<std::string> kb;  // "Q155831"
    std::vector<CaseInfo> cases;
    std::vector<SiteInfo> sites;
    std::vector<Variant> variants;  // base at each site, then each case at each site; never empty
    std::vector<Step> steps;        // not together with cases or a sweep
    std::optional<After> after;     // only with steps
};

// "firewall one port short", "Leeds / firewall one port short"; empty for the base without sites.
std::string variant_name(const Scenario& scenario, const Variant& variant);

}  // namespace scenarios::runner
