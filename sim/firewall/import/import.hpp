// Foreign rule files: what they say, in the one rule model, or why they cannot be taken.
//
// An importer never skips and never guesses: one rule that is not understood, or that this simulator cannot honour,
// refuses the whole file, with every reason at once (file, line, column, the word). A file with one refused rule
// gives no verdicts.
//
//   iptables    iptables-save and ip6tables-save text, the filter and nat tables (iptables.cpp lists the subset)
//   cisco_ios   access lists of a Cisco IOS configuration, numbered or named (cisco.cpp)
//   cisco_asa   a Cisco ASA configuration, as show running-config prints it (asa.hpp)
//   nft         the JSON of `nft -j list ruleset`, families ip, ip6 and inet (nft.cpp)
#pragma once

#include "sim/firewall/rule_set.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sim::firewall::import {

enum class ImportFormat : std::uint8_t { iptables, cisco_ios, cisco_asa, nft };
std::string_view id(ImportFormat format);  // "iptables" "cisco-ios" "cisco-asa" "nft"

// The format that a text shows by its first telling line; absent when none does. Lines that both of Cisco's languages
// have tell IOS when nothing else in the text tells the ASA.
std::optional<ImportFormat> detect_format(std::string_view text);

// Whether it is a rule set in nft's own language, of which only the JSON form can be read.
bool is_nft_text(std::string_view text);

struct ImportOptions {
    // iptables: the chain that stands between client and server: FORWARD (a router), or INPUT (the filter runs on the
    // server itself; answers then meet OUTPUT). nft: the hook, in any case of letters.
    std::string chain = "FORWARD";
    std::optional<wire::Family> family{};  // absent: from the text (ip6tables-save's own comment, or an IPv6 address)

    // Cisco: the list that packets to the server meet, and that of packets to the client; both empty: as the file
    // binds lists to the interfaces client_side and server_side. On an ASA these are names (nameif), outside and inside
    // when nothing is said, and a list named here takes the place of the one that the file binds there.
    std::string acl{};
    std::string acl_return{};
    std::string client_side{};
    std::string server_side{};
    // Cisco IOS: no path is asked about, only the rules: every list stands where it is bound, whichever side that is.
    bool no_path = false;
};

struct Imported {
    SharedRules rules;
    base::Diagnostics remarks;  // warnings and notes: legal, but worth a look
    std::string canonical;      // the rules as the real tool would write them back
};

[[nodiscard]] base::Result<Imported, base::Diagnostics> import_rules(const base::SourceText& source,
                                                                     ImportFormat format, const ImportOptions& options);

// The importers themselves.
[[nodiscard]] base::Result<Imported, base::Diagnostics> import_iptables(const base::SourceText& source,
                                                                        const ImportOptions& options);
[[nodiscard]] base::Result<Imported, base::Diagnostics> import_nft(const base::SourceText& source,
                                                                   const ImportOptions& options);
[[nodiscard]] base::Result<Imported, base::Diagnostics> import_cisco(const base::SourceText& source,
                                                                     const ImportOptions& options);
[[nodiscard]] base::Result<Imported, base::Diagnostics> import_asa(const base::SourceText& source,
                                                                   const ImportOptions& options);

}  // namespace sim::firewall::import
