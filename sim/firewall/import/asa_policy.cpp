#include "sim/firewall/import/asa_policy.hpp"

#include "sim/firewall/import/asa_words.hpp"
#include "sim/firewall/import/cisco_names.hpp"

#include <algorithm>

namespace sim::firewall::import {
namespace {

constexpr wire::Port mapper_port{135};
// In place of "never": longer than any rehearsal.
constexpr base::SimDuration never = std::chrono::hours{24 * 365};

bool is_anybody(const Match& match) {
    const auto* prefix = std::get_if<InPrefix>(&match.what);
    return prefix != nullptr && prefix->prefix.length() == 0;
}

void set_idle(Timers& t, base::SimDuration idle) { t.tcp_established = idle; }

}  // namespace

std::optional<base::SimDuration> clock_time(std::string_view text) {
    std::int64_t parts[3] = {0, 0, 0};
    std::size_t count = 0;
    if (text == "0") return base::SimDuration{};
    while (count < 3) {
        const std::size_t colon = text.find(':');
        const auto part = cisco::decimal(text.substr(0, colon), count == 0 ? 9999 : 59);
        if (!part) return std::nullopt;
        parts[count++] = *part;
        if (colon == text.npos) break;
        text.remove_prefix(colon + 1);
    }
    if (count != 3 || text.find(':') != text.npos) return std::nullopt;
    return std::chrono::hours{parts[0]} + std::chrono::minutes{parts[1]} + std::chrono::seconds{parts[2]};
}

Timers asa_timers() {
    using namespace std::chrono_literals;
    Timers t;
    t.tcp_syn_sent = t.tcp_syn_recv = 30s;  // "embryonic"
    set_idle(t, 1h);
    t.tcp_fin_wait = t.tcp_close_wait = t.tcp_last_ack = 10min;  // "half-closed"
    t.tcp_unacknowledged = t.tcp_retransmitting = never;         // an ASA has no time-outs of this kind
    t.udp = t.udp_stream = 2min;
    t.icmp = 2s;
    t.fragments_v4 = t.fragments_v6 = 5s;
    return t;
}

// ---- reading ----

void Policies::open_class(const AsaLine& line) {
    open_ = Open::nothing;
    if (line.word(1) == "type") return;  // for the inside of inspections
    const bool way = line.word(1) == "match-any" || line.word(1) == "match-all";
    if (line.words.size() < (way ? 3U : 2U))
        return complaints_.error(line.words.back(), "the name of the class is missing behind this", "missing-word");
    open_ = Open::class_map;
    open_class_ = &classes_[std::string(line.words.back().text)];
}

void Policies::open_policy(const AsaLine& line) {
    open_ = Open::nothing;
    const bool typed = line.word(1) == "type";
    if (typed && line.word(3) != "dcerpc") return;  // how another protocol is inspected
    if (line.words.size() < (typed ? 5U : 2U))
        return complaints_.error(line.words.back(), "the name of the policy is missing behind this", "missing-word");
    open_ = typed ? Open::dcerpc_map : Open::policy_map;
    open_policy_ = &(typed ? dcerpc_maps_ : policies_)[std::string(line.words.back().text)];
}

void Policies::read_below(const AsaLine& line) {
    if (line.word(0) == "description") return;
    if (open_ == Open::class_map) open_class_->matches.push_back(line);
    if (open_ == Open::policy_map || open_ == Open::dcerpc_map) open_policy_->lines.push_back(line);
}

void Policies::read_service_policy(const AsaLine& line) {
    Cursor words(line.words, 1, complaints_);
    const Word* policy = words.take("the name of a policy");
    const Word* where = words.take("\"global\", or \"interface\" and its name,");
    if (where == nullptr) return;
    Place place{*policy, {}};
    if (where->text == "interface") {
        const Word* name = words.take("the name of the interface");
        if (name == nullptr) return;
        place.interface = std::string(name->text);
    } else if (where->text != "global") {
        return words.refuse(*where, shown(where->text) + " is not understood here");
    }
    words.take_if("fail-close");
    words.end();
    places_.push_back(std::move(place));
}

void Policies::read_timeout(const AsaLine& line) {
    // Pairs of a word and a time; those of translations, voice and users mean nothing here.
    constexpr std::string_view others[] = {"xlate",
                                           "pat-xlate",
                                           "sctp",
                                           "sunrpc",
                                           "h323",
                                           "h225",
                                           "mgcp",
                                           "mgcp-pat",
                                           "sip",
                                           "sip_media",
                                           "sip-invite",
                                           "sip-disconnect",
                                           "sip-provisional-media",
                                           "uauth",
                                           "tcp-proxy-reassembly",
                                           "floating-conn",
                                           "conn-holddown",
                                           "stale-route"};
    Cursor words(line.words, 1, complaints_);
    while (const Word* word = words.peek()) {
        words.skip();
        const bool other = std::find(std::begin(others), std::end(others), word->text) != std::end(others);
        if (word->text == "igp" || word->text == "absolute" || word->text == "inactivity") continue;
        const bool ours =
            word->text == "conn" || word->text == "half-closed" || word->text == "udp" || word->text == "icmp";
        if (!other && !ours) return words.refuse(*word, shown(word->text) + " is not understood in timeout");
        const Word* time = words.take("a time");
        if (time == nullptr) return;
        const auto length = clock_time(time->text);
        if (!length)
            return words.error(*time, shown(time->text) + " is no time", "bad-duration", "write hours:minutes:seconds");
        const base::SimDuration span = *length == base::SimDuration{} ? never : *length;
        if (word->text == "conn") set_idle(timers_, span);
        says_idle_ = says_idle_ || word->text == "conn";
        if (word->text == "half-closed") timers_.tcp_fin_wait = timers_.tcp_close_wait = timers_.tcp_last_ack = span;
        if (word->text == "udp") timers_.udp = timers_.udp_stream = span;
        if (word->text == "icmp") timers_.icmp = span;
    }
}

// ---- applying ----

void Policies::apply(const std::vector<std::string>& interfaces, const ListReader& list, GateManners& manners,
                     OwnSettings& own) {
    own.timers = timers_;
    if (!says_idle_)
        complaints_.add(base::Severity::note,
                        "no timeout conn stands here: connections are taken to be forgotten after " +
                            base::format_human(timers_.tcp_established) + " of silence (likely)",
                        "timeout-assumed");
    for (const Place& place : places_) {
        const auto policy = policies_.find(place.policy.text);
        if (policy == policies_.end()) {
            complaints_.error(place.policy, "there is no policy-map " + shown(place.policy.text), "unknown-object");
            continue;
        }
        const bool here = place.interface.empty() ||
                          std::find(interfaces.begin(), interfaces.end(), place.interface) != interfaces.end();
        if (here) apply_policy(policy->second, list, manners, own);
    }
}

void Policies::apply_policy(const Policy& policy, const ListReader& list, GateManners& manners, OwnSettings& own) {
    const Word* class_name = nullptr;
    for (const AsaLine& line : policy.lines) {
        if (line.word(0) == "class") {
            class_name = line.words.size() > 1 ? &line.words[1] : nullptr;
            const bool known =
                class_name != nullptr && (class_name->text == "class-default" || classes_.count(class_name->text) != 0);
            if (class_name == nullptr)
                complaints_.error(line.words[0], "the name of the class is missing behind this", "missing-word");
            else if (!known)
                complaints_.error(*class_name, "there is no class-map " + shown(class_name->text), "unknown-object");
            if (!known) class_name = nullptr;
        } else if (class_name != nullptr) {
            apply_action(line, *class_name, list, manners, own);
        }
    }
}

void Policies::apply_action(const AsaLine& line, const Word& class_name, const ListReader& list, GateManners& manners,
                            OwnSettings& own) {
    const std::string_view first = line.word(0), second = line.word(1), third = line.word(2);
    if (first == "inspect" && second == "dcerpc") {
        if (!covers(class_name, Talk::mapper, list)) return;
        own.inspect_dcerpc = true;
        if (line.words.size() > 2) apply_dcerpc_map(line.words[2], own);
        return;
    }
    if (first == "inspect" && second == "icmp") {
        if (!covers(class_name, Talk::ping, list)) return;
        (third == "error" ? manners.tracks_errors : manners.tracks_icmp) = true;
        return;
    }
    if (first == "inspect" && is_other_inspection(second)) return;
    const bool harmless_set =
        first == "set" && second == "connection" && (third == "random-sequence-number" || third == "decrement-ttl");
    if (harmless_set || first == "priority" || first == "flow-export" || first == "user-statistics") return;
    if (first == "no" && second == "inspect") return;
    const bool times = first == "set" && second == "connection" && third == "timeout";
    complaints_.refuse_line(line.words[std::min<std::size_t>(first == "inspect" ? 1 : 0, line.words.size() - 1)],
                            shown(std::string(first) + " " + std::string(second)) +
                                " in a policy may change what passes, and is not supported",
                            times ? "time-outs of all connections are honoured: timeout conn H:M:S" : "");
}

void Policies::apply_dcerpc_map(const Word& name, OwnSettings& own) {
    const auto map = dcerpc_maps_.find(name.text);
    if (map == dcerpc_maps_.end())
        return complaints_.error(name, "there is no policy-map type inspect dcerpc " + shown(name.text),
                                 "unknown-object");
    for (const AsaLine& line : map->second.lines) {
        if (line.word(0) == "parameters" || line.word(0) == "endpoint-mapper") continue;
        if (line.word(0) != "timeout" || line.word(1) != "pinhole") {
            complaints_.refuse_line(line.words[0], shown(line.word(0)) + " is not supported in a policy for dcerpc");
            continue;
        }
        Cursor words(line.words, 2, complaints_);
        const Word* time = words.take("a time");
        if (time == nullptr) continue;
        const auto length = clock_time(time->text);
        if (!length || *length == base::SimDuration{})
            words.error(*time, shown(time->text) + " is no time for a pinhole", "bad-duration",
                        "write hours:minutes:seconds");
        else
            own.pinhole_timeout = *length;
        words.end();
    }
}

bool Policies::covers(const Word& class_name, Talk talk, const ListReader& list) {
    if (class_name.text == "class-default") return true;
    const Class& chosen = classes_.find(class_name.text)->second;
    return !chosen.matches.empty() &&
           std::all_of(chosen.matches.begin(), chosen.matches.end(),
                       [&](const AsaLine& match) { return match_covers(match, talk, list); });
}

bool Policies::match_covers(const AsaLine& match, Talk talk, const ListReader& list) {
    const std::string_view first = match.word(0), second = match.word(1);
    if (first == "match" && (second == "any" || second == "default-inspection-traffic")) return true;
    if (first == "match" && second == "access-list" && match.words.size() == 3)
        return list_covers(match.words[2], talk, list);
    if (first == "match" && second == "port" && match.words.size() >= 4) {
        const auto protocols = asa_protocol(match.word(2));
        Cursor words(match.words, 3, complaints_);
        const auto ports = protocols ? read_ports(words, *protocols) : std::nullopt;
        words.end();
        if (words.stopped()) return false;
        if (ports)
            return talk == Talk::mapper && (*protocols)[tcp] &&
                   std::any_of(ports->begin(), ports->end(),
                               [](const wire::PortRange& r) { return r.contains(mapper_port); });
    }
    complaints_.refuse_line(match.words[0], "what this class takes in is not understood",
                            "match any, default-inspection-traffic, port tcp eq P, or access-list NAME");
    return false;
}

// Only lists that speak of everybody: for some hosts alone the answer would depend on who calls.
bool Policies::list_covers(const Word& name, Talk talk, const ListReader& list) {
    const std::size_t protocol = talk == Talk::mapper ? tcp : icmp;
    for (const Rule& rule : list(name)) {
        bool fits = true, asks_who = false;
        for (const Match& match : rule.matches) {
            const auto* protocols = std::get_if<ProtocolIn>(&match.what);
            const auto* ports = std::get_if<PortIn>(&match.what);
            if (protocols != nullptr)
                fits = fits && protocols->numbers.test(protocol);
            else if (ports != nullptr && ports->end == End::target)
                fits = fits && std::any_of(ports->ranges.begin(), ports->ranges.end(),
                                           [](const wire::PortRange& r) { return r.contains(mapper_port); });
            else
                asks_who = asks_who || !is_anybody(match);
        }
        if (!fits) continue;
        if (!asks_who) return rule.target.kind == Target::Kind::accept;
        complaints_.refuse_line(
            name, "the class is for some hosts only, and that is not supported",
            "an inspection for everybody is: match default-inspection-traffic, or a list for any any");
        return false;
    }
    return false;
}

}  // namespace sim::firewall::import
