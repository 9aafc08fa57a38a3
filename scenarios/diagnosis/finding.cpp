#include "scenarios/diagnosis/finding.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace scenarios::diagnosis {
namespace {

// Sections 2, 4, 5 and 11 of the table of facts; "likely" where it says inferred.
constexpr std::array causes{
    // the registry
    Cause{"no-static-port", "nothing pins the port, so it differs at every start", "Q155831, Q148732"},
    Cause{"second-server-dynamic", "the ports of another server are not pinned", "Q190436", true},
    Cause{"attendant-not-pinned", "the System Attendant's port is not pinned", "Q240859, Q245273"},
    Cause{"change-not-in-force", "the registry was changed, the service not restarted", "Q155831, Q148732"},
    Cause{"port-hex-typed", "the port was typed with the hexadecimal radix", "Q148732", true},
    Cause{"port-digits-typed", "the hexadecimal digits of an export were typed as a decimal number", "Q155831", true},
    Cause{"port-above-65535", "the value is above 65535", "Q148732", true},
    Cause{"port-zero", "the value is 0", "", true},
    Cause{"port-wrong-key", "the value stands under another key", "Q148732", true},
    Cause{"port-misspelt", "the value's name is misspelt", "Q148732", true},
    Cause{"port-wrong-type", "the value has the wrong type", "Q148732", true},
    Cause{"port-value-of-other-version", "another release reads that value", "Q148732, KB270836"},
    Cause{"other-control-set", "the value stands in a control set that is not the current one", "Q148732", true},
    Cause{"port-duplicate", "two services have the same port", "KB270836, Q194952", true},
    Cause{"port-busy", "another program has the port", "Q180795, Q194952"},
    Cause{"port-is-mapper", "135 is the endpoint mapper's own port", "Q194952", true},
    Cause{"port-low", "the port is among the well-known ones", "Q180795"},
    Cause{"port-just-above-1023", "the port is one of the first that Windows hands out", "Q180795"},
    Cause{"port-in-dynamic-range", "the port lies where Windows hands out ports", "Q180795, Q244523"},
    Cause{"port-in-rpc-range", "the port lies in the range given to RPC", "KB154596"},
    Cause{"rpc-range-void", "one missing or bad value voids Rpc\\Internet", "KB154596, MS-RPC-REG", true},
    Cause{"rpc-range-not-used", "Rpc\\Internet keeps servers out of the range instead of in it", "KB154596"},
    Cause{"rpc-range-exhausted", "no port of the range is left", "Q217351, MS-RPC-REG"},
    Cause{"rpc-range-small", "the RPC range is small", "KB154596, Q258469"},
    Cause{"rpc-range-misplaced", "the values of the range stand under Rpc, not under Rpc\\Internet",
          "KB154596, Q258469"},
    Cause{"service-stopped", "the service is not started", "Q143380"},
    // the filter
    Cause{"mapper-closed", "TCP 135 is closed", "Q155831, Q152725"},
    Cause{"port-closed", "no rule opens the port", "Q155831", true},
    Cause{"rule-port-differs", "the rule opens another port than the registry gives", "Q155831", true},
    Cause{"range-differs", "the rule does not open the whole range", "KB154596", true},
    Cause{"udp-instead-of-tcp", "the rule is for UDP", "Q155831", true},
    Cause{"rule-order", "a rule above refuses what a rule below allows", "Q155831"},
    Cause{"wrong-direction", "the rule is for the other direction", "Q179442", true},
    Cause{"wrong-chain", "the rule stands in a list that these packets never meet", "Q179442", true},
    Cause{"wrong-address", "the rule is for another server address", "Q155831", true},
    Cause{"wrong-client-network", "the rule is for other clients", "Q155831", true},
    Cause{"wrong-port-side", "the rule looks at the client's port", "Q155831", true},
    Cause{"rule-for-answers-only", "the rule lets only answers pass", "Q179442", true},
    Cause{"answers-blocked", "the server's answers are not let through", "Q259240, Q179442"},
    Cause{"new-mail-blocked", "the UDP notice of new mail is not let through", "Q264035, Q270065"},
    Cause{"notice-over-ipv6", "the notice of new mail knows IPv4 only", "Q264035", true},
    Cause{"reject-silenced", "the filter rejects, but its own rules swallow the answer", "Q175523"},
    Cause{"idle-timeout", "the filter forgets a silent connection", "Q149541", true},
    Cause{"interface-not-listed", "RPC inspection does not open pinholes for the interface", "KB154596", true},
    Cause{"mapper-not-asked", "the client knows the port and does not ask, so inspection opens nothing",
          "KB833799, KB154596", true},
    Cause{"mapper-not-inspected", "the endpoint mapper is not on the port that inspection reads", "KB154596", true},
    Cause{"mapper-talk-sealed", "the talk with the endpoint mapper is sealed, so inspection cannot read it", "KB154596",
          true},
    Cause{"pinhole-expired", "the pinhole expired before the client connected", "KB154596", true},
    Cause{"pinhole-used-up", "the pinhole was for one connection, and this is another", "KB154596", true},
    Cause{"too-wide", "far more is open than mail needs", "Q155831, KB154596"},
    Cause{"nat-port-missing", "the port is not translated to the server", "Q238390", true},
    Cause{"nat-leads-elsewhere", "translation leads to another port or host than the endpoint mapper names", "Q238390",
          true},
    Cause{"server-address-private", "the client has the server's private address", "Q238390", true},
    Cause{"notice-to-private-address", "the notice of new mail goes to an address that translation hides",
          "Q264035, KB305572", true},
    // the client and the network
    Cause{"known-port-wrong", "the client goes to a port that the service does not have", "KB833799", true},
    Cause{"remembered-port-wrong", "the client goes to the port of an earlier start", "Q180795, KB833799", true},
    Cause{"name-not-resolvable", "the client cannot resolve the server's name", "Q149692, Q152725"},
    Cause{"named-pipes", "named pipes hide that TCP does not work", "Q244523, Q136516"},
    Cause{"pipes-not-available", "named pipes lead nowhere", "Q163576, Q136516"},
    Cause{"packet-loss", "packets get lost on the way", "", true},
    Cause{"unexplained", "neither the registry nor the filters explain it", ""},
};

}  // namespace

std::string_view id(Effect effect) {
    switch (effect) {
        case Effect::breaks: return "breaks";
        case Effect::degrades: return "degrades";
        case Effect::risks: return "risks";
    }
    return {};
}

std::span<const Cause> known_causes() { return causes; }

const Cause* find_cause(std::string_view id) {
    const auto at = std::find_if(causes.begin(), causes.end(), [id](const Cause& c) { return c.id == id; });
    return at == causes.end() ? nullptr : &*at;
}

Finding finding(std::string_view id, Effect effect, std::string what) {
    const Cause* cause = find_cause(id);
    assert(cause != nullptr);
    return {.id = std::string(id),
            .effect = effect,
            .what = std::move(what),
            .subjects = {},
            .evidence = {},
            .mend = {},
            .articles = std::string(cause->articles),
            .stands = {},
            .likely = cause->likely};
}

std::string sentence(const Finding& finding) {
    std::string listed;
    for (std::size_t i = 0; i < finding.subjects.size(); ++i)
        listed += (i == 0 ? "" : i + 1 == finding.subjects.size() ? " and " : ", ") + finding.subjects[i];
    std::string text = finding.what;
    if (const std::size_t at = text.find("{}"); at != std::string::npos) text.replace(at, 2, listed);
    return text;
}

void join(Findings& list, Finding more) {
    const auto same = std::find_if(list.begin(), list.end(),
                                   [&](const Finding& f) { return f.id == more.id && f.what == more.what; });
    if (same == list.end()) {
        list.push_back(std::move(more));
        return;
    }
    const auto add = [](auto& to, auto& from) {
        for (auto& one : from)
            if (std::find(to.begin(), to.end(), one) == to.end()) to.push_back(std::move(one));
    };
    same->effect = std::min(same->effect, more.effect);
    if (same->witness.empty()) same->witness = std::move(more.witness);
    add(same->subjects, more.subjects);
    add(same->evidence, more.evidence);
    add(same->mend, more.mend);
}

const Finding* find(const Findings& findings, std::string_view id) {
    const auto at = std::find_if(findings.begin(), findings.end(), [id](const Finding& f) { return f.id == id; });
    return at == findings.end() ? nullptr : &*at;
}

}  // namespace scenarios::diagnosis
