// The legs of an action: one service after another, one protocol after another.
#include "client/explain.hpp"
#include "client/session.hpp"
#include "sim/rpc/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

namespace client {

namespace actor = sim::actor;
namespace wire = sim::wire;

namespace {

constexpr actor::UdpId notice_socket{1};
constexpr std::array pipe_ports_nt4{wire::Port{139}};
constexpr std::array pipe_ports_2000{wire::Port{445}, wire::Port{139}};

std::span<const wire::Port> pipe_ports(ClientWindows windows) {
    if (windows == ClientWindows::nt4) return pipe_ports_nt4;
    return pipe_ports_2000;
}

bool registers(const Leg& leg) {
    return std::find(leg.calls.begin(), leg.calls.end(), Call::ec_r_register_push_notification) != leg.calls.end();
}

}  // namespace

// Text is made only when somebody is to read it.
template <class Text>
void Outlook::Session::note(Actions& out, const Text& text) const {
    if (config_.narrate) out.emplace_back(actor::Note{text()});
}

// ---- legs and protocols ----

void Outlook::Session::begin_legs(std::span<const Leg> legs, Actions& out) {
    work_ = Work::legs;
    legs_ = legs;
    leg_ = 0;
    begin_leg(out);
}

void Outlook::Session::begin_leg(Actions& out) {
    protocol_ = 0;
    tcp_failure_.reset();
    begin_attempt(out);
}

void Outlook::Session::begin_attempt(Actions& out) {
    if (transport() == Transport::ncacn_ip_tcp) {
        if (const auto port = port_without_asking())
            begin_service(*port, false, out);
        else
            begin_lookup(out);
    } else {
        pipe_port_ = 0;
        begin_pipe(out);
    }
}

std::optional<wire::Port> Outlook::Session::port_without_asking() const {
    for (const KnownPort& known : config_.known_ports)
        if (known.service == leg().service) return known.port;
    for (const LearnedPort& learned : remembered_)
        if (learned.host == host() && learned.service == leg().service) return learned.port;
    return std::nullopt;
}

void Outlook::Session::begin_lookup(Actions& out) {
    const wire::Endpoint mapper{host(), config_.mapper_port};
    note(out, [&] { return fmt::format("asks {} where {} is", format(mapper), name_of(leg().service)); });
    PhaseRecord& record = open_record(Phase::endpoint_mapper, leg().service, Transport::ncacn_ip_tcp, mapper);
    record.connection = connect_to(mapper, out);
    active_.emplace(Conversation::lookup(record.connection, leg(), config_.seals_mapper));
}

void Outlook::Session::begin_service(wire::Port port, bool told, Actions& out) {
    const wire::Endpoint target{host(), port};
    note(out, [&] {
        return fmt::format("{} port {} and goes to {}", told ? "is told" : "knows", port.value, name_of(leg().service));
    });
    if (registers(leg()) && !udp_asked_) {
        udp_asked_ = true;
        out.emplace_back(actor::OpenUdp{.socket = notice_socket, .port = wire::Port{0}});
    }
    PhaseRecord& record = open_record(leg().service, leg().service, Transport::ncacn_ip_tcp, target);
    record.connection = connect_to(target, out);
    active_.emplace(Conversation::with(record.connection, leg()));
}

void Outlook::Session::begin_pipe(Actions& out) {
    // One session carries all pipes to a server, but an old one proves nothing about the way as it is now.
    if (pipe_ && pipe_->target.address == host() && pipe_->began >= current_->began) {
        PhaseRecord& record = open_record(leg().service, leg().service, Transport::ncacn_np, pipe_->target);
        record.connection = pipe_->connection;
        record.reused = true;
        close_record(std::nullopt);
        if (logging_on()) store_record_ = current_->phases.back();
        leg_done(out);
        return;
    }
    const wire::Endpoint target{host(), pipe_ports(config_.windows)[pipe_port_]};
    note(out, [&] { return fmt::format("tries named pipes, {}", format(target)); });
    PhaseRecord& record = open_record(leg().service, leg().service, Transport::ncacn_np, target);
    record.connection = pipe_attempt_ = connect_to(target, out);
}

// ---- how an attempt goes ----

void Outlook::Session::on(const actor::Connected& event, Actions& out) {
    if (pipe_attempt_.value != 0 && event.connection == pipe_attempt_) {
        pipe_connected(out);
    } else if (active_ && active_->id() == event.connection) {
        local_ = event.local.address;
        active_->start(out);
        expect_answer(out);
    }
}

void Outlook::Session::on(const actor::ConnectFailed& event, Actions& out) {
    if (active_ && active_->id() == event.connection) {
        attempt_failed(active_->not_connected(event.error), out);
    } else if (pipe_attempt_.value != 0 && event.connection == pipe_attempt_) {
        const Leg& service = work_ == Work::use ? plan::mailbox : leg();
        attempt_failed(Conversation::with(event.connection, service).not_connected(event.error), out);
    }
}

void Outlook::Session::pipe_connected(Actions& out) {
    if (!config_.pipes_usable) {
        attempt_failed({.phase = leg().service,
                        .stage = Stage::bind,
                        .cause = Cause::pipes_not_usable,
                        .code = sim::rpc::status::access_denied},
                       out);
        return;
    }
    close_record(std::nullopt);
    if (pipe_) close(pipe_->connection, out);
    pipe_ = current_->phases.back();
    pipe_attempt_ = {};
    if (work_ == Work::use) {
        finish(std::nullopt, 0, out);
        return;
    }
    if (logging_on()) store_record_ = *pipe_;
    leg_done(out);
}

void Outlook::Session::attempt_went(Step step, Actions& out) {
    switch (step) {
        case Step::waiting: expect_answer(out); break;
        case Step::needs_port: give_port(out); break;
        case Step::failed: attempt_failed(active_->failure(), out); break;
        case Step::done:
            answer_awaited_ = false;
            if (active_->is_lookup())
                lookup_done(out);
            else
                leg_done(out);
            break;
    }
}

// The registration names our own address as the connection shows it, behind a translating filter too: that is what
// the real client does, and why its notices get lost there (inferred from KB305572).
void Outlook::Session::give_port(Actions& out) {
    if (udp_refused_ || !local_.is_v4()) {
        attempt_went(active_->skip(out), out);  // the registration has room for IPv4 alone
    } else if (udp_port_.value == 0) {
        port_awaited_ = true;
        expect_answer(out);
    } else {
        active_->set_notices_to({local_, udp_port_});
        attempt_went(active_->resume(out), out);
    }
}

void Outlook::Session::on(const actor::UdpOpened& event, Actions& out) {
    if (event.socket != notice_socket) return;
    udp_port_ = event.port;
    udp_refused_ = event.port.value == 0;
    if (!port_awaited_) return;
    port_awaited_ = false;
    give_port(out);
}

void Outlook::Session::lookup_done(Actions& out) {
    const LearnedPort learned{.host = host(), .service = leg().service, .port = active_->port()};
    auto& ports = current_->ports;
    const auto known = std::find_if(ports.begin(), ports.end(), [&learned](const LearnedPort& other) {
        return other.host == learned.host && other.service == learned.service;
    });
    if (known == ports.end())
        ports.push_back(learned);
    else
        *known = learned;
    if (config_.remembers_ports) remembered_.push_back(learned);
    close_record(std::nullopt);
    close(active_->id(), out);
    begin_service(learned.port, true, out);
}

void Outlook::Session::attempt_failed(const Failure& failure, Actions& out) {
    answer_awaited_ = port_awaited_ = false;
    if (failure.stage == Stage::lookup_answer) {
        // The mapper did answer; it is the service that has no record of its own yet.
        close_record(std::nullopt);
        open_record(failure.phase, failure.phase, Transport::ncacn_ip_tcp, {host(), wire::Port{0}});
    }
    close_record(failure);
    std::erase_if(remembered_, [&](const LearnedPort& learned) {
        return learned.host == host() && learned.service == failure.phase;
    });
    note(out, [&] { return describe(failure); });
    if (active_) close(active_->id(), out);
    if (pipe_attempt_.value != 0) close(pipe_attempt_, out);
    active_.reset();
    pipe_attempt_ = {};
    if (work_ == Work::use) {
        session_died(failure, out);
        finish(failure, failure.code, out);
        return;
    }
    const bool over_tcp = transport() == Transport::ncacn_ip_tcp;
    if (over_tcp) tcp_failure_ = failure;
    if (!over_tcp && pipe_port_ + 1 < pipe_ports(config_.windows).size()) {
        ++pipe_port_;
        begin_pipe(out);
    } else if (++protocol_ < config_.binding_order.size()) {
        begin_attempt(out);
    } else {
        finish(tcp_failure_.value_or(failure), failure.code, out);
    }
}

void Outlook::Session::leg_done(Actions& out) {
    if (active_) {
        close_record(std::nullopt);
        release(std::move(*active_), out);
        active_.reset();
    }
    note(out, [&] { return fmt::format("reached {}", name_of(leg().service)); });
    const bool elsewhere = current_->action == Do::public_folders && !logon_first_;
    if (elsewhere && server_ + 1 < config_.public_folder_servers.size()) {
        ++server_;
        begin_leg(out);
    } else if (++leg_ < legs_.size()) {
        begin_leg(out);
    } else {
        legs_done(out);
    }
}

// A conversation that came through: kept, open to the end of the action, or closed at once.
void Outlook::Session::release(Conversation conversation, Actions& out) {
    if (!leg().stays_open) {
        close(conversation.id(), out);
    } else if (!logging_on()) {
        closed_with_action_.push_back(conversation.id());
    } else if (leg().service == Phase::directory) {
        directory_.emplace(std::move(conversation));
    } else {
        current_->notices_refused = conversation.notices_refused().has_value();
        store_record_ = current_->phases.back();
        store_.emplace(std::move(conversation));
    }
}

// ---- small tools ----

actor::ConnectionId Outlook::Session::connect_to(const wire::Endpoint& target, Actions& out) {
    last_connection_ += 2;
    const actor::ConnectionId connection{last_connection_};
    answer_awaited_ = false;
    out.emplace_back(actor::Connect{.connection = connection, .target = target});
    return connection;
}

void Outlook::Session::close(actor::ConnectionId connection, Actions& out) {
    out.emplace_back(actor::Close{connection});
}

void Outlook::Session::expect_answer(Actions& out) {
    answer_awaited_ = true;
    answer_due_ = now_ + config_.reply_timeout;
    if (timer_runs_) return;
    timer_runs_ = true;
    out.emplace_back(actor::SetTimer{reply_timer, config_.reply_timeout});
}

PhaseRecord& Outlook::Session::open_record(Phase phase, Phase service, Transport transport,
                                           const wire::Endpoint& target) {
    PhaseRecord& record = current_->phases.emplace_back();
    record.phase = phase;
    record.service = service;
    record.transport = transport;
    record.target = target;
    record.began = record.ended = now_;
    return record;
}

void Outlook::Session::close_record(std::optional<Failure> failure) {
    PhaseRecord& record = current_->phases.back();
    record.ended = now_;
    record.failure = failure;
    if (failure) current_->lost += record.ended - record.began;
}

wire::IpAddress Outlook::Session::host() const {
    const bool elsewhere = current_->action == Do::public_folders && !logon_first_;
    if (!elsewhere || config_.public_folder_servers.empty()) return config_.server;
    return config_.public_folder_servers[server_];
}

}  // namespace client
