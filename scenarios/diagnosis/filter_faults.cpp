#include "scenarios/diagnosis/filter_faults.hpp"

#include "scenarios/diagnosis/nat_faults.hpp"
#include "scenarios/diagnosis/near_miss.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

using firewall::exact::ProbeStep;

constexpr std::string_view client_ports = "1024-65535";

std::string decapitalised(std::string_view sentence) {
    std::string text(sentence);
    if (!text.empty() && text.back() == '.') text.pop_back();
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a')
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

// The rule that decided, else the firewall whose default did.
base::Place place_of(const BoxSituation& box, const firewall::Verdict& verdict) {
    if (verdict.rule) return box.rules->origin(*verdict.rule).place;
    return box.setup != nullptr ? box.setup->place : base::Place{};
}

// The finding about one kind of end that conversations of a need meet at a filter.
class Explainer {
public:
    Explainer(const Situation& situation, const Question& question, const Blocked& blocked)
        : situation_(situation),
          question_(question),
          blocked_(blocked),
          box_(situation.boxes[blocked.box]),
          server_(situation.servers[question.need->server]),
          name_(name_of(situation, *question.need)) {}

    Finding explain() {
        Finding found = blocked_.stopped.step == ProbeStep::question ? about_the_question() : about_the_answers();
        found.evidence.push_back({decided(), {}});
        found.stands = place_of(box_, blocked_.stopped.verdict);
        found.witness = packet_of(situation_, server_.address, blocked_);
        return found;
    }

private:
    std::string ports() const { return wire::format(blocked_.ports); }
    std::string server() const { return server_.address.format(); }
    // As this filter sees it.
    std::string client() const {
        return way_to(situation_, server_, blocked_.witness).legs[blocked_.box].client.address.format();
    }
    std::string rule(firewall::RuleId id) const { return rule_name(box_, id); }
    bool whole() const { return blocked_.ports == wire::normalized(std::vector<wire::PortRange>(question_.ports)); }

    std::string decided() const {
        const bool question = blocked_.stopped.step == ProbeStep::question;
        const std::string what =
            question ? fmt::format("a SYN to {} port {}", server(), wire::format(blocked_.witness))
                     : fmt::format("the packet from {} port {}", server(), wire::format(blocked_.witness));
        return what + " is " + verdict_words(box_, blocked_.stopped);
    }

    std::string open_it(std::string_view where = {}) const {
        return fmt::format("allow TCP {} to {} in {}{}", ports(), server(), box_.name, where);
    }

    Finding about_the_answers() const {
        // A list for packets to the server that stands at the server's side judges the answers, and refuses them.
        // Not where a rule lets the question pass: then the list on the other side is what it should be.
        const wire::Endpoint asked{server_.address, blocked_.witness};
        const runner::Way::Leg leg = way_to(situation_, server_, blocked_.witness).legs[blocked_.box];
        const auto question =
            firewall::exact::probe_question(box_.rules, box_.settings, wire::Protocol::tcp, leg.client, leg.server);
        const auto astray =
            question.verdict.rule ? std::nullopt : rule_on_the_wrong_side(situation_, blocked_.box, asked);
        if (astray) {
            Finding found = about({Miss::direction, *astray, {}});
            found.evidence.push_back(
                rule_evidence(box_, *astray, "fits packets to the server, but meets those from it"));
            return found;
        }
        Finding found =
            about_ports("answers-blocked",
                        fmt::format("{} lets a client's first packet to {} TCP {{}} pass, but not what comes back",
                                    box_.name, server_.name));
        if (box_.rules->tracking() == firewall::Tracking::off)
            found.mend.push_back(fmt::format("allow TCP with ACK set from {} to the clients' ports {} in {}", server(),
                                             client_ports, box_.name));
        else
            found.mend.push_back(fmt::format("accept packets of established connections first in {}", box_.name));
        found.mend.emplace_back("or use a stateful filter, which passes the answers of allowed connections by itself");
        return found;
    }

    Finding about_the_question() const {
        const auto near = near_miss(situation_, blocked_.box, {server_.address, blocked_.witness});
        if (!near) return not_opened();
        Finding found = about(*near);
        found.evidence.push_back(rule_evidence(box_, near->rule, "the rule that was meant to open it"));
        return found;
    }

    Finding about(const NearMiss& near) const {
        const std::string meant = rule(near.rule);
        switch (near.miss) {
            case Miss::reached_too_late: return too_late(near);
            case Miss::protocol:
                return mended("udp-instead-of-tcp",
                              fmt::format("{} of {} opens {{}} for UDP, and RPC runs over TCP", meant, box_.name),
                              fmt::format("make {} a rule for TCP", meant));
            case Miss::port_side:
                return mended(
                    "wrong-port-side",
                    fmt::format(
                        "{} of {} asks for TCP {{}} at the client's end, and clients call from any port above 1023",
                        meant, box_.name),
                    fmt::format("let {} ask for the target port {}", meant, ports()));
            case Miss::direction:
                return mended(
                    "wrong-direction",
                    fmt::format(
                        "{} of {} lets TCP {{}} pass for packets from the server only, and the client calls first",
                        meant, box_.name),
                    fmt::format("turn {} around: from the clients to {} port {}", meant, server(), ports()));
            case Miss::chain:
                return mended("wrong-chain",
                              fmt::format("{} of {} is for TCP {{}}, but stands where packets from the client to the "
                                          "server never come by",
                                          meant, box_.name),
                              open_it(" in the list that forwarded packets meet"));
            case Miss::answers_only:
                return mended("rule-for-answers-only",
                              fmt::format("{} of {} lets only packets of established connections to TCP {{}} pass, and "
                                          "the first packet belongs to none yet",
                                          meant, box_.name),
                              fmt::format("let {} take new connections too", meant));
            case Miss::target_address:
                return mended("wrong-address",
                              fmt::format("{} of {} opens TCP {{}} for another address, and {} is {}{}", meant,
                                          box_.name, server_.name, server(),
                                          box_.rules->nat() && server_.known_as != server_.address
                                              ? " when the rules are asked: the target is translated before"
                                              : ""),
                              fmt::format("write {} as the target of {}", server(), meant));
            case Miss::source_address:
                return mended("wrong-client-network",
                              fmt::format("{} of {} opens TCP {{}} for other clients, and this one is {}{}", meant,
                                          box_.name, client(),
                                          client() == situation_.client.address.format()
                                              ? ""
                                              : " there: its own address is translated on the way"),
                              fmt::format("let {} take {} as well", meant, client()));
        }
        return not_opened();
    }

    // `what` with {} for the ports: the same rule may fail several services.
    Finding about_ports(std::string_view id, std::string what) const {
        Finding found = finding(id, Effect::breaks, std::move(what));
        found.subjects.push_back(ports());
        return found;
    }
    Finding mended(std::string_view id, std::string what, std::string mend) const {
        Finding found = about_ports(id, std::move(what));
        found.mend.push_back(std::move(mend));
        return found;
    }

    Finding too_late(const NearMiss& near) const {
        std::string above;
        for (const firewall::RuleId id : near.above) above += (above.empty() ? "" : ", ") + rule(id);
        Finding found =
            mended("rule-order",
                   fmt::format("{} of {} refuses TCP {{}} before {} is asked", above, box_.name, rule(near.rule)),
                   fmt::format("move {} above {}", rule(near.rule), rule(near.above.front())));
        for (const firewall::RuleId id : near.above) found.evidence.push_back(rule_evidence(box_, id, "decides first"));
        return found;
    }

    Finding not_opened() const {
        const bool mapper = question_.need->is_mapper();
        if (!question_.own_port && !whole()) return part_of_a_range();
        std::string what =
            mapper ? fmt::format("{} does not let TCP {} to {} pass, and every client asks the endpoint mapper first",
                                 box_.name, ports(), server())
                   : fmt::format("no rule of {} opens TCP {} of {}", box_.name, ports(), name_);
        if (blocked_.stopped.verdict.rule)
            what = fmt::format("{} of {} closes TCP {} of {}", rule(*blocked_.stopped.verdict.rule), box_.name, ports(),
                               name_);
        if (question_.after_mend) what += ", the port that it was meant to have";
        Finding found = finding(mapper ? "mapper-closed" : "port-closed", Effect::breaks, std::move(what));
        found.mend.push_back(blocked_.stopped.verdict.rule ? open_it(" above " + rule(*blocked_.stopped.verdict.rule))
                                                           : open_it());
        return found;
    }

    // The service draws from a range, and the filter opens less than that.
    Finding part_of_a_range() const {
        Finding found = finding("range-differs", Effect::breaks,
                                fmt::format("the port of {{}} is drawn from {}, and {} does not open all of that: TCP "
                                            "{} is missing, so some starts fail",
                                            wire::format(question_.ports), box_.name, ports()));
        found.subjects.push_back(name_);
        found.mend.push_back(open_it(" too"));
        found.mend.emplace_back("or pin the port and open that one alone");
        return found;
    }

    const Situation& situation_;
    const Question& question_;
    const Blocked& blocked_;
    const BoxSituation& box_;
    const ServerSituation& server_;
    std::string name_;
};

}  // namespace

std::string rule_name(const BoxSituation& box, firewall::RuleId rule) {
    const std::string place = box.rules->place(rule);
    return box.rules->label(rule) + (place.empty() ? "" : " (" + place + ")");
}

Evidence rule_evidence(const BoxSituation& box, firewall::RuleId rule, std::string_view says) {
    return {fmt::format("{}, {} of {}: {}", says, box.rules->label(rule), box.name, box.rules->origin(rule).text),
            box.rules->origin(rule).place};
}

std::string verdict_words(const BoxSituation& box, const firewall::exact::ProbePacket& stopped) {
    const bool rejected = stopped.verdict.action == firewall::Action::reject;
    const std::string who = fmt::format("{} by {}", rejected ? "rejected" : "dropped", box.name);
    if (stopped.verdict.rule) return who + ": " + rule_name(box, *stopped.verdict.rule);
    return who + ": " + decapitalised(sentence(stopped.verdict.reason));
}

Findings filter_findings(const Situation& situation, const Question& question) {
    Findings found;
    const ServerSituation& server = situation.servers[question.need->server];
    for (std::size_t box = 0; box < situation.boxes.size(); ++box) {
        if (situation.boxes[box].settings.inspect_dcerpc && !question.need->is_mapper()) continue;
        for (const Blocked& blocked : blocked_by(situation, box, server.address, question.ports)) {
            found.push_back(Explainer(situation, question, blocked).explain());
            // A reject that the sender never hears of costs it the whole time-out, like a drop.
            if (blocked.stopped.verdict.action == firewall::Action::reject && !blocked.stopped.told &&
                blocked.stopped.step == ProbeStep::question) {
                Finding silent = finding("reject-silenced", Effect::degrades,
                                         fmt::format("{} rejects the packet, but its own output rules swallow the "
                                                     "answer, so the user waits as for a drop",
                                                     situation.boxes[box].name));
                silent.stands = place_of(situation.boxes[box], blocked.stopped.verdict);
                silent.mend.push_back(
                    fmt::format("let {} send resets and ICMP errors (chain OUTPUT)", situation.boxes[box].name));
                if (blocked.stopped.verdict.rule)
                    silent.evidence.push_back(
                        rule_evidence(situation.boxes[box], *blocked.stopped.verdict.rule, "rejects"));
                found.push_back(std::move(silent));
            }
        }
    }
    return found;
}

Findings notice_findings(const Situation& situation) {
    Findings found;
    for (const NoticeBlocked& blocked : notice_blocked(situation)) {
        const BoxSituation& box = situation.boxes[blocked.box];
        if (blocked.stopped.verdict.reason == firewall::Reason::no_way_there) {
            found.push_back(notice_to_private_address(situation, box));
            continue;
        }
        Finding notice = finding("new-mail-blocked", Effect::breaks,
                                 fmt::format("new mail is announced by a UDP packet from the server to a port of the "
                                             "client, and {} does not let it pass",
                                             box.name));
        notice.stands = place_of(box, blocked.stopped.verdict);
        notice.witness = blocked.packet;
        notice.evidence.push_back({"the UDP packet is " + verdict_words(box, blocked.stopped), {}});
        notice.mend = {fmt::format("let UDP from {} to the clients' ports {} pass {}",
                                   situation.servers.front().address.format(), client_ports, box.name),
                       "or live without it: new items show when the view is refreshed (Q270065)"};
        found.push_back(std::move(notice));
    }
    return found;
}

}  // namespace scenarios::diagnosis
