#include "scenarios/cases/case.hpp"

#include "scenarios/cases/fields.hpp"
#include "scenarios/cases/packet_json.hpp"
#include "sim/firewall/rule_set.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <array>

namespace scenarios::cases {
namespace {

using firewall::Timers;

struct TimerName {
    std::string_view name;  // behind nf_conntrack_
    base::SimDuration Timers::*timer;
};
constexpr std::array timers{
    TimerName{"tcp_timeout_syn_sent", &Timers::tcp_syn_sent},
    TimerName{"tcp_timeout_syn_recv", &Timers::tcp_syn_recv},
    TimerName{"tcp_timeout_established", &Timers::tcp_established},
    TimerName{"tcp_timeout_fin_wait", &Timers::tcp_fin_wait},
    TimerName{"tcp_timeout_close_wait", &Timers::tcp_close_wait},
    TimerName{"tcp_timeout_last_ack", &Timers::tcp_last_ack},
    TimerName{"tcp_timeout_time_wait", &Timers::tcp_time_wait},
    TimerName{"tcp_timeout_close", &Timers::tcp_close},
    TimerName{"tcp_timeout_unacknowledged", &Timers::tcp_unacknowledged},
    TimerName{"tcp_timeout_max_retrans", &Timers::tcp_retransmitting},
    TimerName{"udp_timeout", &Timers::udp},
    TimerName{"udp_timeout_stream", &Timers::udp_stream},
    TimerName{"icmp_timeout", &Timers::icmp},
    TimerName{"icmpv6_timeout", &Timers::icmp},
    TimerName{"gre_timeout", &Timers::gre},
    TimerName{"gre_timeout_stream", &Timers::gre_stream},
    TimerName{"generic_timeout", &Timers::other},
    TimerName{"frag6_timeout", &Timers::fragments_v6},
};

constexpr std::string_view prefix = "nf_conntrack_";

// Keys may be written with their whole path: net.netfilter.nf_conntrack_tcp_loose.
std::string_view bare(std::string_view key) { return key.substr(key.rfind('.') == key.npos ? 0 : key.rfind('.') + 1); }

std::optional<wire::Family> family_of(Fields& fields) {
    if (!fields.has("family")) return std::nullopt;
    const std::string_view word = fields.text("family");
    if (word == "ipv4") return wire::Family::ipv4;
    if (word == "ipv6") return wire::Family::ipv6;
    if (word != "both") fields.complain("family", "ipv4, ipv6 or both is wanted");
    return std::nullopt;
}

// The rules may stand in the case as text, or, for nft-json, as the object itself.
std::string text_of_rules(Fields& fields) {
    const json::value* v = fields.find("ruleset");
    if (v != nullptr && (v->is_object() || v->is_array())) return json::serialize(*v);
    return std::string(fields.text("ruleset"));
}

firewall::SharedRules read_rules(Fields& fields, std::string name) {
    const base::SourceText source(std::move(name), text_of_rules(fields));
    firewall::import::ImportOptions options;
    options.family = family_of(fields);
    std::optional<firewall::import::ImportFormat> format;
    if (fields.has("format")) {
        const std::string_view word = fields.text("format");
        format = format_of(word, source.text());
        if (!format) fields.complain("format", "\"" + base::printable(word, 40) + "\" is not supported");
    } else {
        format = firewall::import::detect_format(source.text());
        if (!format) fields.complain("ruleset", "its format cannot be told");
    }
    if (!format || !fields.fault().empty()) return nullptr;
    const auto imported = firewall::import::import_rules(source, *format, options);
    if (imported) return imported->rules;
    fields.complain("ruleset", in_one_line(imported.error()));
    return nullptr;
}

base::Result<Step, std::string> read_step(const json::value& value, const Interfaces& interfaces) {
    if (!value.is_object()) return base::failure(fmt::format("an object is wanted, not {}", kind_of(value)));
    Fields fields(value.get_object(), "step");
    Step step;
    const std::string_view origin = fields.text("origin");
    step.arrives = find_interface(interfaces, origin);
    if (!step.arrives && origin != "local" && origin != "auto")
        fields.complain("origin", "\"" + base::printable(origin, 40) + "\" is no interface of the box, nor local");
    step.automatic = origin == "auto";
    const auto packet = read_packet(fields.object("packet"));
    if (!fields.fault().empty()) return base::failure(fields.fault());
    if (!packet) return base::failure(packet.error());
    step.packet = *packet;
    if (fields.has("expect")) step.expect = fields.object("expect");
    if (!fields.fault().empty()) return base::failure(fields.fault());
    return step;
}

}  // namespace

std::optional<firewall::import::ImportFormat> format_of(std::string_view word, std::string_view text) {
    if (word == "iptables-save" || word == "ip6tables-save") return firewall::import::ImportFormat::iptables;
    const auto shown = firewall::import::detect_format(text);
    if (!shown) return std::nullopt;
    const std::string_view id = firewall::import::id(*shown);  // "nft" for "nft-json"
    const bool fits = word.substr(0, id.size()) == id || id.substr(0, word.size()) == word;
    return fits && !word.empty() ? shown : std::nullopt;
}

std::string in_one_line(const base::Diagnostics& diagnostics) {
    constexpr std::size_t shown_max = 20;
    std::string line;
    std::size_t shown = 0;
    for (const base::Diagnostic& d : diagnostics) {
        if (d.severity != base::Severity::error) continue;
        if (++shown > shown_max) continue;
        if (!line.empty()) line += "; ";
        line += base::format(d.place) + ": " + d.what + " [" + d.id + "]";
    }
    if (shown > shown_max) line += fmt::format("; and {} more", shown - shown_max);
    return line;
}

base::Result<firewall::EngineSettings, std::string> read_settings(const json::object& sysctl) {
    constexpr std::int64_t seconds_max = 10LL * 366 * 86400;
    firewall::EngineSettings settings;
    Fields fields(sysctl, "sysctl");
    for (const auto& [key, value] : sysctl) {
        const std::string_view written = key;
        std::string_view name = bare(written);
        const bool ours = name.substr(0, prefix.size()) == prefix;
        if (ours) name.remove_prefix(prefix.size());
        if (ours && name == "tcp_loose") {
            settings.tracker.pick_up = fields.number(written, 0, 255) != 0;
        } else if (ours && name == "tcp_be_liberal") {
            settings.tracker.liberal = fields.number(written, 0, 255) != 0;
        } else if (ours && name == "tcp_max_retrans") {
            settings.tracker.retransmissions_max = static_cast<unsigned>(fields.number(written, 0, 255));
        } else {
            bool known = false;
            for (const TimerName& timer : timers) {
                if (!ours || timer.name != name) continue;
                settings.tracker.timers.*timer.timer = std::chrono::seconds{fields.number(written, 0, seconds_max)};
                known = true;
            }
            if (!known) fields.complain(written, "this setting is not simulated");
        }
    }
    if (!fields.fault().empty()) return base::failure(fields.fault());
    return settings;
}

base::Result<Case, std::string> read_case(const json::object& object, const Interfaces& interfaces) {
    static const json::object none;
    Fields fields(object, "case");
    Case made;
    if (const json::value* id = fields.find("id")) made.id = *id;
    const auto settings = read_settings(fields.has("sysctl") ? fields.object("sysctl") : none);
    if (!settings) return base::failure(settings.error());
    made.settings = *settings;
    if (fields.has("conntrack")) made.conntrack = fields.boolean("conntrack");
    made.rules = read_rules(fields, made.id.is_string() ? std::string(made.id.get_string()) : "ruleset");
    std::size_t number = 0;
    for (const json::value& one : fields.array("steps")) {
        auto step = read_step(one, interfaces);
        if (!step) return base::failure(fmt::format("step {}: {}", number, step.error()));
        made.steps.push_back(std::move(*step));
        ++number;
    }
    if (!fields.fault().empty()) return base::failure(fields.fault());
    return made;
}

}  // namespace scenarios::cases
