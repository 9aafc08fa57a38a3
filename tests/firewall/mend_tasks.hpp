// What the tests of mending ask for, and how they ask for it.
#pragma once

#include "sim/firewall/exact/probe.hpp"
#include "sim/firewall/import/native_text.hpp"
#include "sim/firewall/mend/mend.hpp"
#include "tests/firewall/packets.hpp"

#include <map>
#include <string>
#include <vector>

namespace mending {

namespace fw = sim::firewall;
namespace wire = sim::wire;
namespace base = sim::base;

enum class Syntax { native, iptables, cisco };

// The lists of Cisco texts: IN on the way to the server; OUT on the way back where the text has it.
inline fw::import::ImportOptions options_for(Syntax syntax, const std::string& text) {
    fw::import::ImportOptions options;
    if (syntax != Syntax::cisco) return options;
    options.acl = text.find("access-list 101") != std::string::npos ? "101" : "IN";
    if (text.find("extended OUT") != std::string::npos) options.acl_return = "OUT";
    if (text.find("access-list 102") != std::string::npos) options.acl_return = "102";
    return options;
}

inline base::Result<fw::mend::MendedRules, std::string> mend(Syntax syntax, const std::string& text,
                                                             const fw::mend::MendTask& task,
                                                             fw::import::ImportOptions options) {
    const base::SourceText source("branch", text);
    if (syntax == Syntax::native) return fw::mend::mend_native({}, source, task);
    return fw::mend::mend_import(
        source, syntax == Syntax::iptables ? fw::import::ImportFormat::iptables : fw::import::ImportFormat::cisco_ios,
        options, task);
}
inline base::Result<fw::mend::MendedRules, std::string> mend(Syntax syntax, const std::string& text,
                                                             const fw::mend::MendTask& task) {
    return mend(syntax, text, task, options_for(syntax, text));
}

inline fw::SharedRules read(Syntax syntax, const std::string& text, const fw::import::ImportOptions& options) {
    const base::SourceText source("branch", text);
    if (syntax == Syntax::native) return packets::native(text);
    const auto imported = fw::import::import_rules(
        source, syntax == Syntax::iptables ? fw::import::ImportFormat::iptables : fw::import::ImportFormat::cisco_ios,
        options);
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(imported.has_value());
    return imported->rules;
}

inline wire::PortRange range(unsigned first, unsigned last) {
    return {wire::Port{static_cast<std::uint16_t>(first)}, wire::Port{static_cast<std::uint16_t>(last)}};
}
inline wire::PortRange only(unsigned port) { return range(port, port); }

inline fw::mend::NeededFlow tcp(std::vector<wire::PortRange> ports, std::string note,
                                wire::IpAddress server = packets::server, wire::IpAddress client = packets::client) {
    fw::mend::NeededFlow flow;
    flow.client = client;
    flow.clients = wire::Prefix::host(client);
    flow.server = server;
    flow.ports = std::move(ports);
    flow.note = std::move(note);
    return flow;
}
inline fw::mend::NeededFlow notice() {
    fw::mend::NeededFlow flow = tcp({range(1024, 65535)}, "new-mail notice");
    flow.protocol = wire::Protocol::udp;
    flow.from = fw::Side::server;
    return flow;
}
inline fw::mend::MendTask opening(std::vector<fw::mend::NeededFlow> flows) {
    fw::mend::MendTask task;
    task.needed = std::move(flows);
    return task;
}
inline fw::mend::MendTask closing(std::vector<fw::mend::NeededFlow> flows, std::vector<wire::PortRange> may_stay = {}) {
    fw::mend::MendTask task = opening(std::move(flows));
    task.close_excess = true;
    task.may_stay_tcp = std::move(may_stay);
    return task;
}

// The edits, applied to the original by their word alone, must give the text that came back.
inline std::string applied(const std::string& original, const std::vector<fw::mend::RuleEdit>& edits) {
    const base::SourceText source("branch", original);
    std::map<std::uint32_t, std::vector<const fw::mend::RuleEdit*>> by_line;
    for (const fw::mend::RuleEdit& edit : edits) by_line[edit.line].push_back(&edit);
    const bool ends = original.empty() || original.back() == '\n';
    const auto lines = static_cast<std::uint32_t>(source.line_count() - (ends ? 1U : 0U));
    const std::string end = original.find("\r\n") == std::string::npos ? "\n" : "\r\n";
    std::string text;
    for (std::uint32_t n = 1; n <= lines + 1; ++n) {
        std::string own(source.line(n));
        for (const fw::mend::RuleEdit* edit : by_line[n]) {
            if (edit->kind == fw::mend::RuleEdit::Kind::inserted) {
                text += edit->after + end;
                continue;
            }
            BOOST_TEST(edit->before == own);
            own = edit->after;
        }
        if (n <= lines) text += own + end;
    }
    if (!ends) text.resize(text.size() - end.size());
    return text;
}

// "+4 allow tcp ..." before line 4, "~2 ..." in place of line 2, "-2 # removed: ..."; one a line.
inline std::string words(const std::vector<fw::mend::RuleEdit>& edits) {
    std::string text;
    for (const fw::mend::RuleEdit& edit : edits)
        text += (edit.kind == fw::mend::RuleEdit::Kind::inserted  ? "+"
                 : edit.kind == fw::mend::RuleEdit::Kind::changed ? "~"
                                                                  : "-") +
                std::to_string(edit.line) + " " + edit.after + "\n";
    return text;
}

struct Case {
    const char* name;
    Syntax syntax;
    std::string text;
    fw::mend::MendTask task;
    std::string edits;
};

// The edits are these, they are what happened to the text, and a second mending has nothing to do.
inline void check(const Case& c, const fw::import::ImportOptions& options) {
    BOOST_TEST_CONTEXT(c.name) {
        const auto result = mend(c.syntax, c.text, c.task, options);
        if (!result) BOOST_ERROR(result.error());
        if (!result) return;
        BOOST_TEST(words(result->edits) == c.edits);
        BOOST_TEST(applied(c.text, result->edits) == result->text);
        for (const fw::mend::RuleEdit& edit : result->edits) BOOST_TEST(!edit.why.empty());
        const auto again = mend(c.syntax, result->text, c.task, options);
        BOOST_REQUIRE(again.has_value());
        BOOST_TEST(again->text == result->text);
        BOOST_TEST(again->edits.empty());
    }
}
inline void check(const Case& c) { check(c, options_for(c.syntax, c.text)); }

}  // namespace mending
