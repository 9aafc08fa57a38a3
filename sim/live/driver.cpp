// Events in, actions out; the promises of actor.hpp.
#include "sim/live/driver.hpp"

#include "sim/live/addresses.hpp"
#include "sim/live/driver_state.hpp"

#include <algorithm>
#include <variant>

namespace sim::live {

// ---- the outside ----

Driver::Driver(Loop& loop, DriverSettings settings) : state_(std::make_shared<State>(loop, std::move(settings))) {}
Driver::~Driver() { state_->stop(); }

void Driver::start(actor::Actor& actor) { state_->start(actor); }
void Driver::stop() { state_->stop(); }
void Driver::deliver(const actor::Event& event) { state_->deliver(event); }
void Driver::after_event(std::function<void()> hook) { state_->hook = std::move(hook); }
const std::string& Driver::name() const { return state_->settings.name; }
const Counters& Driver::counters() const { return state_->counters; }
const std::vector<ListenProblem>& Driver::listen_problems() const { return state_->problems; }

// ---- life ----

Driver::State::State(Loop& loop, DriverSettings wanted)
    : settings(std::move(wanted)), loop_(loop.state()), sweep_timer_(loop_.io) {}

void Driver::State::start(actor::Actor& actor) {
    actor_ = &actor;
    number_ = ++loop_.last_holder;
    loop_.holders.emplace(number_, this);
    await_sweep();
    deliver(actor::Started{});
}

void Driver::State::stop() {
    if (actor_ == nullptr) return;
    actor_ = nullptr;
    loop_.holders.erase(number_);
    while (!connections_.empty()) {
        const Connection& c = *connections_.begin()->second;
        remove(c.id, !c.fin_sent);  // a connection that has ended in order is not spoilt at the last moment
    }
    listeners_.clear();
    udp_.clear();
    timers_.clear();
    sweep_timer_.cancel();
    caused_.clear();
}

void Driver::State::deliver(const actor::Event& event) {
    if (actor_ == nullptr) return;
    if (handling_) {
        caused_.push_back(event);
        return;
    }
    handling_ = true;
    handle(event);
    for (std::size_t i = 0; i < caused_.size(); ++i) {
        const actor::Event caused = caused_[i];  // a copy, because handling it may cause more
        handle(caused);
    }
    caused_.clear();
    handling_ = false;
    if (hook) hook();
}

void Driver::State::handle(const actor::Event& event) {
    if (actor_ == nullptr) return;
    actor_->handle(event, loop_.now(), actions_);
    for (actor::Action& action : actions_) std::visit([this](auto& a) { perform(a); }, action);
    actions_.clear();
}

// ---- what the actor does ----

void Driver::State::perform(actor::Send& action) {
    Connection* c = find(action.connection);
    if (c == nullptr || !c->established || c->closing || action.octets.empty()) return;
    answered(*c);
    if (c->outgoing && c->outgoing->path && !c->silent) {
        const Passing passing = c->outgoing->path->data(Direction::to_server, action.octets, loop_.now());
        if (passing == Passing::reset) return lost(action.connection);
        c->silent = passing == Passing::dropped;
    }
    if (c->silent) return;
    base::ByteView rest = action.octets;
    if (c->queue.empty()) {
        const Moved moved = write_some(c->socket, rest);
        if (moved.how == Io::broken) return lost(action.connection);
        counters.octets_out += moved.octets;
        rest = rest.subspan(moved.octets);
    }
    if (rest.empty()) return;
    hold(*c, rest);
    check_held(action.connection);
}

void Driver::State::perform(actor::Close& action) {
    Connection* c = find(action.connection);
    if (c == nullptr || c->closing) return;
    if (!c->established) return remove(action.connection, false);
    c->closing = true;
    answered(*c);
    finish_sending(*c);
}

void Driver::State::perform(actor::Abort& action) { remove(action.connection, true); }

void Driver::State::perform(actor::Note& action) {
    if (loop_.log.wants(LogLevel::debug))
        loop_.log.write(LogLevel::debug, "note", {{"service", settings.name}, {"text", action.text}});
}

}  // namespace sim::live
