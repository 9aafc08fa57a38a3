#include "sim/firewall/firewall.hpp"

#include "sim/firewall/connections.hpp"
#include "sim/firewall/engine.hpp"
#include "sim/firewall/evaluate.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

EngineSettings engine_settings(const RuleSet& rules, const Firewall::Settings& of_the_box) {
    const Firewall::Settings settings = settings_with(rules, of_the_box);
    EngineSettings made;
    made.tracker.timers = settings.timers.with_idle_timeout(settings.idle_timeout);
    // A stateful gate never takes a packet in the middle of a connection for its beginning.
    made.tracker.pick_up = settings.pick_up.value_or(rules.tracking() != Tracking::gate && rules.mid_stream_pickup());
    made.tracker.liberal = settings.liberal;
    made.inspect_dcerpc = settings.inspect_dcerpc;
    made.inspection = settings.inspection;
    made.judge = settings.judge;
    return made;
}

Passage refused(Reason reason, std::string_view why, Recorder* recorder) {
    if (recorder != nullptr) recorder->note(why);
    Passage passage;
    passage.verdict = {Action::drop, reason, std::nullopt, std::nullopt};
    return passage;
}

}  // namespace

struct Firewall::State {
    State(SharedRules shared, Settings chosen)
        : settings(std::move(chosen)), engine(shared, engine_settings(*shared, settings)) {}

    std::string_view name(Side side) const {
        return side == Side::client ? settings.client_side : settings.server_side;
    }
    std::optional<wire::IpAddress> own_address(Side side, wire::Family family) const {
        const auto& own = side == Side::client ? settings.client_side_addresses : settings.server_side_addresses;
        for (const wire::IpAddress& address : own)
            if (address.family() == family) return address;
        return std::nullopt;
    }
    bool is_own(const wire::IpAddress& address) const {
        const auto has = [&](const std::vector<wire::IpAddress>& list) {
            return std::find(list.begin(), list.end(), address) != list.end();
        };
        return has(settings.client_side_addresses) || has(settings.server_side_addresses);
    }

    Passage pass(const wire::PacketView& packet, Side from, base::SimTime now, Recorder* recorder);
    void leave(Passage& passage, const Subject& subject, Mark& mark, Side to, base::SimTime now, Recorder* recorder);
    void stay(Passage& passage, const Subject& subject, const Mark& mark, base::SimTime now, Recorder* recorder);
    void add_answer(Passage& passage, const wire::PacketView& packet, const Mark& mark, Side from, base::SimTime now,
                    Recorder* recorder);

    Settings settings;
    Engine engine;
};

Passage Firewall::State::pass(const wire::PacketView& arrived, Side from, base::SimTime now, Recorder* recorder) {
    Mark mark = engine.label(arrived, now, true);
    Passage passage;
    passage.label = mark.label;
    wire::PacketView packet = arrived;
    Subject subject{.packet = &packet, .in_interface = name(from), .from = from};
    auto translated =
        engine.translate(Hook::prerouting, subject, mark, own_address(from, packet.ip.source.family()), now, recorder);
    if (translated.rule) passage.translated_by.push_back(*translated.rule);
    if (translated.impossible) {
        passage.verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
        return passage;
    }
    passage.translated = std::move(translated.octets);
    if (passage.translated) packet = *wire::parse(*passage.translated);
    if (engine.rules().nat() && is_own(packet.ip.target)) {
        stay(passage, subject, mark, now, recorder);
        return passage;
    }
    if (packet.ip.hop_limit <= 1) {
        passage.verdict = {Action::drop, Reason::hop_limit, std::nullopt, std::nullopt};
        if (recorder != nullptr) recorder->note(sentence(Reason::hop_limit));
        add_answer(passage, packet, mark, from, now, recorder);
        return passage;
    }
    const Side to = from == Side::client ? Side::server : Side::client;
    subject.out_interface = name(to);
    passage.verdict = engine.judge(Hook::forward, subject, mark, now, recorder);
    if (passage.verdict.action == Action::accept)
        leave(passage, subject, mark, to, now, recorder);
    else
        passage.missed = engine.missed(packet, now);
    if (passage.verdict.action == Action::reject) add_answer(passage, packet, mark, from, now, recorder);
    return passage;
}

// The rules have accepted the packet: its source is translated, and its connection remembered.
void Firewall::State::leave(Passage& passage, const Subject& subject, Mark& mark, Side to, base::SimTime now,
                            Recorder* recorder) {
    Subject leaving = subject;
    leaving.in_interface = {};  // no longer known there
    auto translated = engine.translate(Hook::postrouting, leaving, mark,
                                       own_address(to, subject.packet->ip.source.family()), now, recorder);
    if (translated.rule) passage.translated_by.push_back(*translated.rule);
    if (translated.impossible)
        passage.verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
    else
        passage.inspected = engine.passed(*subject.packet, mark, now, passage.verdict);
    if (recorder != nullptr)
        for (const Inspected& one : passage.inspected) recorder->note("RPC inspection: " + firewall::describe(one, now));
    if (passage.verdict.action != Action::accept) {
        if (recorder != nullptr && !translated.impossible) recorder->note(sentence(passage.verdict.reason));
        return;
    }
    passage.port_drawn = engine.port_is_drawn(mark);
    if (translated.octets) passage.translated = std::move(translated.octets);
}

// The packet is for the box itself. Behind its rules nothing listens: a closed port.
void Firewall::State::stay(Passage& passage, const Subject& subject, const Mark& mark, base::SimTime now,
                           Recorder* recorder) {
    passage.verdict = engine.judge(Hook::input, subject, mark, now, recorder);
    if (passage.verdict.action == Action::accept) {
        if (recorder != nullptr) recorder->note(sentence(Reason::for_the_box));
        const auto with = default_reject(static_cast<std::uint8_t>(subject.packet->ip.protocol));
        passage.verdict = {Action::reject, Reason::for_the_box, std::nullopt, with};
    }
    if (passage.verdict.action == Action::reject)
        add_answer(passage, *subject.packet, mark, *subject.from, now, recorder);
}

// The answer is a packet of the box itself, and must pass the box's own rules.
void Firewall::State::add_answer(Passage& passage, const wire::PacketView& packet, const Mark& mark, Side from,
                                 base::SimTime now, Recorder* recorder) {
    const bool asked_us = engine.rules().nat() && is_own(packet.ip.target);
    const auto own =
        asked_us ? packet.ip.target : own_address(from, packet.ip.source.family()).value_or(packet.ip.target);
    auto answer = engine.answer(packet, mark, passage.verdict.with, own, now);
    if (!answer) return;
    auto view = wire::parse(answer->octets);
    if (!view) return;
    const Subject subject{.packet = &*view, .out_interface = name(from)};
    const auto translate = [&](Hook hook) {
        auto translated = engine.translate(hook, subject, answer->mark, std::nullopt, now, nullptr);
        if (!translated.octets) return;
        answer->octets = std::move(*translated.octets);
        view = wire::parse(answer->octets);
    };
    translate(Hook::output);
    const Verdict out = engine.judge(Hook::output, subject, answer->mark, now, recorder);
    if (out.action != Action::accept) return;
    translate(Hook::postrouting);
    passage.answer = std::move(answer->octets);
}

Firewall::Settings settings_with(const RuleSet& rules, Firewall::Settings settings) {
    const OwnSettings& own = rules.own();
    if (own.timers) settings.timers = *own.timers;
    settings.inspect_dcerpc |= own.inspect_dcerpc;
    if (own.pinhole_timeout) settings.inspection.pinhole_timeout = *own.pinhole_timeout;
    return settings;
}

Firewall::Firewall(std::shared_ptr<const RuleSet> rules) : Firewall(std::move(rules), Settings{}) {}
Firewall::Firewall(std::shared_ptr<const RuleSet> rules, Settings settings)
    : state_(std::make_unique<State>(std::move(rules), std::move(settings))) {}
Firewall::~Firewall() = default;
Firewall::Firewall(Firewall&&) noexcept = default;
Firewall& Firewall::operator=(Firewall&&) noexcept = default;

Passage Firewall::judge(base::ByteView octets, Side from, base::SimTime now, Recorder* recorder) {
    const auto packet = wire::parse(octets);
    if (!packet) return refused(Reason::malformed, wire::format(packet.error().reason), recorder);
    const auto& unknown =
        from == Side::client ? state_->settings.unknown_to_clients : state_->settings.unknown_to_servers;
    if (std::find(unknown.begin(), unknown.end(), packet->ip.target) != unknown.end())
        return refused(Reason::no_way_there, sentence(Reason::no_way_there), recorder);
    if (!packet->ip.is_fragment() || !state_->engine.tracks(packet->ip.source.family()) || !Reassembler::takes(*packet))
        return state_->pass(*packet, from, now, recorder);

    std::optional<Datagram> datagram = state_->engine.gather(*packet, now);
    if (!datagram) return refused(Reason::fragment_held, sentence(Reason::fragment_held), recorder);
    const auto whole = wire::parse(datagram->whole);
    if (!whole) return refused(Reason::malformed, wire::format(whole.error().reason), recorder);
    Passage passage = state_->pass(*whole, from, now, recorder);
    if (passage.verdict.action != Action::accept) return passage;
    if (!passage.translated) {
        passage.replaced = std::move(datagram->pieces);
        return passage;
    }
    // As large as the largest that came, so that it gets through where they did.
    std::size_t largest = 0;
    for (const base::Bytes& piece : datagram->pieces) largest = std::max(largest, piece.size());
    passage.replaced = wire::fragment(*passage.translated, largest);
    passage.translated.reset();
    return passage;
}

const RuleSet& Firewall::rules() const { return state_->engine.rules(); }

std::vector<ConnectionInfo> Firewall::connections(base::SimTime now) const {
    return connection_list(state_->engine.tracker().table(), now);
}

std::vector<Pinhole> Firewall::pinholes(base::SimTime now) const { return state_->engine.inspector().pinholes(now); }

void Firewall::forget() { state_->engine.forget(); }

void Firewall::reload(std::shared_ptr<const RuleSet> rules) {
    const EngineSettings settings = engine_settings(*rules, state_->settings);
    state_->engine.reload(std::move(rules), settings);
}

}  // namespace sim::firewall
