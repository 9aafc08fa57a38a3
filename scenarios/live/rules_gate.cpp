#include "scenarios/live/rules_gate.hpp"

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native_text.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace scenarios::live {

namespace base = sim::base;
namespace firewall = sim::firewall;
using sim::live::Direction;
using sim::live::Passing;

namespace {

using Rules = std::shared_ptr<const firewall::RuleSet>;

Rules native(const base::SourceText& source, base::Diagnostics& diagnostics) {
    const auto keep = [&diagnostics](const base::Diagnostics& found) {
        diagnostics.insert(diagnostics.end(), found.begin(), found.end());
    };
    auto parsed = firewall::import::parse_native_file(source, firewall::import::NativeRules{});
    if (!parsed) return keep(parsed.error()), nullptr;
    auto built = firewall::import::build(*parsed);
    if (!built) return keep(built.error()), nullptr;
    return *built;
}

Rules imported(const base::SourceText& source, firewall::import::ImportFormat format, base::Diagnostics& diagnostics) {
    auto read = firewall::import::import_rules(source, format, {});
    const base::Diagnostics found = read ? read->remarks : read.error();
    diagnostics.insert(diagnostics.end(), found.begin(), found.end());
    return read ? read->rules : nullptr;
}

// An answer tells how the sender learns of it: only a TCP reset is more than silence to Windows.
Passing passing_of(const firewall::Passage& passage) {
    if (passage.verdict.action == firewall::Action::accept) return Passing::passes;
    if (!passage.answer) return Passing::dropped;
    const auto answer = sim::wire::parse(*passage.answer);
    return answer && answer->tcp() != nullptr ? Passing::reset : Passing::dropped;
}

std::string sentence(const firewall::RuleSet& rules, base::ByteView packet, const firewall::Verdict& verdict) {
    const auto view = sim::wire::parse(packet);
    std::string text = view ? sim::wire::summary(*view) : std::string("a packet");
    const auto family = view ? std::optional(view->ip.source.family()) : rules.family();
    if (rules.family() && family != rules.family())
        return text + ": held back. The rules are for the other version of IP and say nothing of it.";
    text += verdict.action == firewall::Action::reject ? ": rejected. " : ": dropped. ";
    if (!verdict.rule) return text + std::string(firewall::sentence(verdict.reason));
    const std::string place = rules.place(*verdict.rule);
    return text + "By " + rules.label(*verdict.rule) + (place.empty() ? "." : " (" + place + ").");
}

// What inspection made of the packet, and the hole by which a connection began.
void tell(const firewall::Passage& passage, base::ByteView packet, base::SimTime now, const Inspected& inspected) {
    for (const firewall::Inspected& one : passage.inspected) inspected(firewall::describe(one, now));
    if (!passage.verdict.pinhole) return;
    if (const auto view = sim::wire::parse(packet))
        inspected(fmt::format("pinhole {} lets {} > {} pass", *passage.verdict.pinhole,
                              sim::wire::format(view->source()), sim::wire::format(view->target())));
}

}  // namespace

RulesGate load_rules_gate(const std::string& path, runner::Files& files, BlockedPacket blocked,
                          const firewall::Firewall::Settings& settings, const Inspected& inspected) {
    RulesGate loaded;
    const auto text = files.read(path);
    if (!text) {
        loaded.diagnostics.push_back({.severity = base::Severity::error,
                                      .place = {.file = path},
                                      .what = std::string(runner::sentence(text.error())),
                                      .id = text.error() == runner::FileError::missing ? "missing-file" : "bad-file"});
        return loaded;
    }
    const base::SourceText source(path, *text);
    const auto format = firewall::import::detect_format(source.text());
    const Rules rules = format ? imported(source, *format, loaded.diagnostics) : native(source, loaded.diagnostics);
    if (!rules || base::has_errors(loaded.diagnostics)) return loaded;
    if (rules->translates()) {
        loaded.diagnostics.push_back({.severity = base::Severity::error,
                                      .place = {.file = path},
                                      .what = "these rules translate addresses, and a real connection goes where it "
                                              "goes",
                                      .id = "unsupported-table",
                                      .hint = "rehearse it in a scenario, or leave the nat table out"});
        return loaded;
    }
    const auto box = std::make_shared<firewall::Firewall>(rules, settings);
    loaded.gate = [box, blocked = std::move(blocked), inspected](base::ByteView packet, Direction direction,
                                                                 base::SimTime now) {
        const auto side = direction == Direction::to_server ? firewall::Side::client : firewall::Side::server;
        const firewall::Passage passage = box->judge(packet, side, now);
        if (passage.verdict.action != firewall::Action::accept && blocked)
            blocked(sentence(box->rules(), packet, passage.verdict) +
                    (passage.missed ? " The " + firewall::describe(*passage.missed, now) + "." : std::string()));
        if (inspected) tell(passage, packet, now, inspected);
        return passing_of(passage);
    };
    return loaded;
}

}  // namespace scenarios::live
