#include "sim/firewall/firewall.hpp"

#include "sim/firewall/connections.hpp"
#include "sim/firewall/engine.hpp"

namespace sim::firewall {
namespace {

EngineSettings engine_settings(const RuleSet& rules, const Firewall::Settings& settings) {
    EngineSettings made;
    made.tracker.timers = settings.timers.with_idle_timeout(settings.idle_timeout);
    // A native stateful filter never takes a packet in the middle of a connection for its beginning.
    made.tracker.pick_up = settings.pick_up.value_or(rules.tracking() != Tracking::gate && rules.mid_stream_pickup());
    made.tracker.liberal = settings.liberal;
    made.inspect_dcerpc = settings.inspect_dcerpc;
    made.pinhole_timeout = settings.pinhole_timeout;
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
    wire::IpAddress own_address(Side side, const wire::PacketView& packet) const {
        const auto& own = side == Side::client ? settings.client_side_addresses : settings.server_side_addresses;
        for (const wire::IpAddress& address : own)
            if (address.family() == packet.ip.source.family()) return address;
        return packet.ip.target;
    }

    Passage pass(const wire::PacketView& packet, Side from, base::SimTime now, Recorder* recorder);
    void add_answer(Passage& passage, const wire::PacketView& packet, const Mark& mark, Side from, base::SimTime now,
                    Recorder* recorder);

    Settings settings;
    Engine engine;
};

Passage Firewall::State::pass(const wire::PacketView& packet, Side from, base::SimTime now, Recorder* recorder) {
    const Mark mark = engine.label(packet, now, true);
    Passage passage;
    passage.label = mark.label;
    if (packet.ip.hop_limit <= 1) {
        passage.verdict = {Action::drop, Reason::hop_limit, std::nullopt, std::nullopt};
        if (recorder != nullptr) recorder->note(sentence(Reason::hop_limit));
        add_answer(passage, packet, mark, from, now, recorder);
        return passage;
    }
    const Side to = from == Side::client ? Side::server : Side::client;
    const Subject subject{.packet = &packet, .in_interface = name(from), .out_interface = name(to), .from = from};
    passage.verdict = engine.judge(Hook::forward, subject, mark, now, recorder);
    if (passage.verdict.action == Action::accept) engine.passed(packet, mark, now);
    if (passage.verdict.action == Action::reject) add_answer(passage, packet, mark, from, now, recorder);
    return passage;
}

// The answer is a packet of the box itself, and must pass the box's own rules.
void Firewall::State::add_answer(Passage& passage, const wire::PacketView& packet, const Mark& mark, Side from,
                                 base::SimTime now, Recorder* recorder) {
    auto answer = engine.answer(packet, mark, passage.verdict.with, own_address(from, packet), now);
    if (!answer) return;
    const auto view = wire::parse(answer->octets);
    if (!view) return;
    const Subject subject{.packet = &*view, .out_interface = name(from)};
    const Verdict out = engine.judge(Hook::output, subject, answer->mark, now, recorder);
    if (out.action == Action::accept) passage.answer = std::move(answer->octets);
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
    if (!packet->ip.is_fragment() || !state_->engine.tracks()) return state_->pass(*packet, from, now, recorder);

    std::optional<Datagram> datagram = state_->engine.gather(*packet, now);
    if (!datagram) return refused(Reason::fragment_held, sentence(Reason::fragment_held), recorder);
    const auto whole = wire::parse(datagram->whole);
    if (!whole) return refused(Reason::malformed, wire::format(whole.error().reason), recorder);
    Passage passage = state_->pass(*whole, from, now, recorder);
    if (passage.verdict.action == Action::accept) passage.replaced = std::move(datagram->pieces);
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
    state_->engine.reload(std::move(rules), settings.tracker);
}

}  // namespace sim::firewall
