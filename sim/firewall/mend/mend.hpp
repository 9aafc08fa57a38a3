// Mended rules: the smallest changed rule file, in its own syntax, that lets the needed flows pass and, when asked,
// closes what else its rules open of the servers.
//
// How a flow is opened: by a line for exactly that flow, directly before the rule that decides against it, or at the
// end of the chain when a policy, a default or the end of a list does. A filter that forgets gets a rule for the
// answers. When the nearest place does not serve, places further ahead are tried, the top of the chain last.
//
// How excess is closed: a rule with target ports is written again with the ports that remain, or made a comment when
// none does; where that would touch other hosts, or the rule asks for no ports, it stays and a deny for the server's
// surplus ports goes before it. What a policy or default leaves open is no filter and stays as it is.
//
// Every change is read back by the importer and judged with real packets (probe.hpp). A text that does not do all
// that was asked is never returned; then the reason is, in words. All other lines, their comments, counters and line
// ends stay octet for octet.
//
// Not here: rules beside a nat table that translates, which are refused; choosing the ports. A new dialect is a file
// NAME.cpp with a Scribe (scribe.hpp), and a line in the function that takes its text.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sim::firewall::mend {

// What must pass: TCP as a whole conversation; UDP that the client begins, question and answer; UDP that the server
// begins (the notice of new mail), that one packet.
struct NeededFlow {
    wire::Protocol protocol = wire::Protocol::tcp;  // or udp
    Side from = Side::client;                       // who begins
    wire::IpAddress client;                         // an example, to judge with
    wire::Prefix clients;                           // whom a new rule is for; holds `client`
    wire::IpAddress server;
    std::vector<wire::PortRange> ports;  // of the target: the server's, or the client's when the server begins
    std::string note;                    // what a new rule says of itself: "Exchange Directory"
};

struct MendTask {
    std::vector<NeededFlow> needed;

    // Close what rules open of the needed servers, to the needed clients, beside the needed ports and these.
    bool close_excess = false;
    std::vector<wire::PortRange> may_stay_tcp;
    std::vector<wire::PortRange> may_stay_udp;
    // Nothing but the needed servers stands behind this box, so that a rule whose target is wider than them ("to any")
    // may be narrowed too. Otherwise it stays as it is for others, and a deny goes before it.
    bool only_these_servers = false;

    Firewall::Settings settings;  // of the box that is judged
};

struct RuleEdit {
    enum class Kind : std::uint8_t { inserted, removed, changed };
    Kind kind = Kind::inserted;
    // In the original; inserted: the line it goes before, one past the last at the end. nft: 0, and the texts are not
    // lines: `after` is the command of nft that does it, `before` the rule in nft's language.
    std::uint32_t line = 0;
    std::string before;  // empty for inserted
    std::string after;   // removed: the comment that stands there now
    std::string why;     // a sentence without a full stop
};

struct MendedRules {
    std::string text;             // the original when nothing had to change
    std::vector<RuleEdit> edits;  // in the order of the text
};

// `settings` are those that hold where the file says nothing (native_text.hpp).
[[nodiscard]] base::Result<MendedRules, std::string> mend_native(const import::NativeRules& settings,
                                                                 const base::SourceText& source, const MendTask& task);
[[nodiscard]] base::Result<MendedRules, std::string> mend_import(const base::SourceText& source,
                                                                 import::ImportFormat format,
                                                                 const import::ImportOptions& options,
                                                                 const MendTask& task);

}  // namespace sim::firewall::mend
