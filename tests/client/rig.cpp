#include "tests/client/rig.hpp"

#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/nspi.hpp"
#include "sim/rpc/status.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace rig {

namespace rpc = sim::rpc;

namespace {

constexpr std::size_t events_max = 20000;  // a client that needs more is caught in a circle

wire::Port port_of(const rpc::Uuid& interface) {
    if (interface == rpc::nspi_interface.uuid) return directory_port;
    if (interface == rpc::emsmdb_interface.uuid) return store_port;
    return attendant_port;
}

const rpc::ContextHandle some_handle{0, rpc::nspi_interface.uuid};

base::SimDuration how_long(actor::ConnectError error) { return error == actor::ConnectError::timed_out ? 21s : 1s; }

std::optional<actor::ConnectError> connect_error(std::optional<Mishap> mishap) {
    if (!mishap) return std::nullopt;
    switch (*mishap) {
        case Mishap::timed_out: return actor::ConnectError::timed_out;
        case Mishap::refused: return actor::ConnectError::refused;
        case Mishap::unreachable: return actor::ConnectError::unreachable;
        case Mishap::no_resources: return actor::ConnectError::no_resources;
        default: return std::nullopt;
    }
}

}  // namespace

const char* name(Mishap mishap) {
    constexpr std::array names{"timed out",       "refused",      "unreachable", "no resources", "reset",
                               "closed",          "garbage",      "fault",       "silence",      "half an answer",
                               "foreign call id", "short answer", "error code",  "nak",          "rejection"};
    return names[static_cast<std::size_t>(mishap)];
}

std::string describe(const Step& step) {
    const std::string target = format(step.target);
    if (step.kind == Step::Kind::connect) return "connect " + target;
    if (step.kind == Step::Kind::bind) return "bind " + target;
    return "call " + std::to_string(step.opnum) + ' ' + target;
}

client::OutlookConfig config(std::vector<client::Do> actions) {
    client::OutlookConfig made;
    made.server = server;
    made.actions = std::move(actions);
    return made;
}

Rig::Rig(client::OutlookConfig config, Server how) : server(std::move(how)), client_(std::move(config)) {}

void Rig::play() { play(actor::Started{}); }

void Rig::play(const actor::Event& event) {
    deliver(event);
    run();
}

void Rig::request(client::Do action) {
    client_.request(action);
    play(actor::TimerFired{client::Outlook::wake_timer});
}

void Rig::run() {
    for (std::size_t count = 0; count < events_max; ++count) {
        const auto first = std::min_element(timers_.begin(), timers_.end(),
                                            [](const auto& a, const auto& b) { return a.second < b.second; });
        const bool timer_first =
            !later_.empty() && first != timers_.end() && first->second < now_ + later_.front().after;
        if (!later_.empty() && !timer_first) {
            const Later next = std::move(later_.front());
            later_.pop_front();
            now_ += next.after;
            actor::Event event = next.event;
            if (auto* received = std::get_if<actor::Received>(&event)) {
                if (!peers_.at(received->connection.value).open) continue;
                received->octets = next.octets;
            }
            deliver(event);
            continue;
        }
        if (notice_ && !timer_first && (first == timers_.end() || notice_->first <= first->second)) {
            now_ = std::max(now_, notice_->first);
            const base::Bytes octets = std::exchange(notice_, std::nullopt)->second;
            deliver(actor::Datagram{actor::UdpId{1}, {rig::server, wire::Port{1040}}, octets});
        } else if (first != timers_.end()) {
            const actor::TimerId timer{first->first};
            now_ = std::max(now_, first->second);
            timers_.erase(first);
            deliver(actor::TimerFired{timer});
        } else {
            return;
        }
    }
    BOOST_FAIL("the client does not come to an end");
}

void Rig::deliver(const actor::Event& event) {
    actor::Actions out;
    client_.handle(event, now_, out);
    for (const actor::Action& action : out) {
        actions_.push_back(action);
        carry_out(action);
    }
}

void Rig::carry_out(const actor::Action& action) {
    if (const auto* connect = std::get_if<actor::Connect>(&action)) on(*connect);
    if (const auto* send = std::get_if<actor::Send>(&action)) on(*send);
    if (const auto* close = std::get_if<actor::Close>(&action)) peers_.at(close->connection.value).open = false;
    if (const auto* abort = std::get_if<actor::Abort>(&action)) peers_.at(abort->connection.value).open = false;
    if (const auto* open = std::get_if<actor::OpenUdp>(&action))
        later_.push_front({actor::UdpOpened{open->socket, udp_port}, {}, 0s});
    if (const auto* set = std::get_if<actor::SetTimer>(&action)) timers_[set->timer.value] = now_ + set->after;
    if (const auto* cancel = std::get_if<actor::CancelTimer>(&action)) timers_.erase(cancel->timer.value);
}

std::optional<Mishap> Rig::mishap_here() {
    return steps_.size() == server.mishap_at + 1 ? std::optional(server.mishap) : std::nullopt;
}

void Rig::on(const actor::Connect& action) {
    BOOST_TEST_REQUIRE(!peers_.contains(action.connection.value));
    BOOST_TEST_REQUIRE(action.connection.value % 2 == 0U);
    peers_[action.connection.value] = {action.target};
    steps_.push_back({Step::Kind::connect, action.target});
    std::optional<actor::ConnectError> error = connect_error(mishap_here());
    if (const auto blocked = server.unreachable.find(action.target); blocked != server.unreachable.end())
        error = blocked->second;
    if (error) {
        peers_[action.connection.value].open = false;
        later_.push_back({actor::ConnectFailed{action.connection, *error}, {}, how_long(*error)});
    } else {
        later_.push_back({actor::Connected{action.connection, {client_address, wire::Port{1500}}, action.target}, {}});
    }
}

void Rig::on(const actor::Send& action) {
    BOOST_TEST_REQUIRE(peers_.at(action.connection.value).open);
    base::ByteView rest = action.octets;
    while (!rest.empty()) {
        BOOST_TEST_REQUIRE(rest.size() >= rpc::Header::size);
        const rpc::Header header = rpc::parse_header(rest);
        BOOST_TEST_REQUIRE(header.frag_length <= rest.size());
        answer(action.connection, rest.first(header.frag_length));
        rest = rest.subspan(header.frag_length);
    }
}

void Rig::answer(actor::ConnectionId connection, base::ByteView octets) {
    const auto pdu = rpc::parse(octets);
    BOOST_TEST_REQUIRE(pdu.has_value());
    const wire::Endpoint target = peers_.at(connection.value).target;
    const auto* request = std::get_if<rpc::Request>(&pdu->body);
    steps_.push_back({request != nullptr ? Step::Kind::call : Step::Kind::bind, target,
                      request != nullptr ? request->opnum : std::uint16_t{0}});
    const std::optional<Mishap> mishap = mishap_here();
    base::Bytes reply_octets = honest_answer(*pdu, target, mishap);
    if (server.tamper) server.tamper(reply_octets);
    if (mishap == Mishap::silence) {
        for (const base::Byte octet : trickle) later_.push_back({actor::Received{connection, {}}, {octet}, 10s});
        return;
    }
    if (mishap == Mishap::reset) {
        later_.push_back({actor::Reset{connection}, {}});
        return;
    }
    if (mishap == Mishap::garbage)
        reply_octets = {'H', 'T', 'T', 'P', '/', '1', '.', '0', ' ', '4', '0', '0', ' ', 'B', 'a', 'd'};
    if (mishap == Mishap::closed) reply_octets.clear();
    if (mishap == Mishap::half_an_answer) reply_octets.resize(reply_octets.size() / 2);
    reply(connection, reply_octets);
    if (mishap == Mishap::closed || mishap == Mishap::half_an_answer)
        later_.push_back({actor::PeerClosed{connection}, {}});
}

void Rig::reply(actor::ConnectionId connection, base::Bytes octets) {
    base::SimDuration after = 10ms;
    for (std::size_t at = 0; at < octets.size();) {
        const std::size_t size = std::min(server.piece, octets.size() - at);
        const auto begin = octets.begin() + static_cast<std::ptrdiff_t>(at);
        later_.push_back({actor::Received{connection, {}}, {begin, begin + static_cast<std::ptrdiff_t>(size)}, after});
        after = 0ms;
        at += size;
    }
}

base::Bytes Rig::honest_answer(const rpc::Pdu& pdu, const wire::Endpoint& target, std::optional<Mishap> mishap) {
    const rpc::ByteOrder order = server.big_endian ? rpc::ByteOrder::big : rpc::ByteOrder::little;
    rpc::Pdu back{.drep = rpc::Drep::of(order), .call_id = pdu.call_id, .body = rpc::Fault{}, .auth = std::nullopt};
    if (mishap == Mishap::foreign_call_id) back.call_id += 7;
    base::Bytes stub;
    if (mishap == Mishap::fault) {
        back.body = rpc::Fault{.status = rpc::status::access_denied};
    } else if (const auto* request = std::get_if<rpc::Request>(&pdu.body)) {
        stub = stub_for(request->opnum, target, request->stub);
        if (mishap == Mishap::short_answer) stub.resize(stub.size() / 2 / 4 * 4);
        // The return code ends every answer; in the mapper's it is the status.
        if (mishap == Mishap::error_code) stub.at(stub.size() - (server.big_endian ? 1 : 4)) = 5;
        back.body = rpc::Response{.alloc_hint = static_cast<std::uint32_t>(stub.size()), .stub = stub};
    } else if (mishap == Mishap::nak) {
        back.body = rpc::BindNak{rpc::NakReason::authentication_type_not_recognised};
    } else {
        rpc::BindAck ack{.group = 1, .secondary_address = "135", .answers = {}};
        rpc::ContextAnswer accepted{.transfer_syntax = rpc::ndr_syntax};
        if (mishap == Mishap::rejection)
            accepted = {rpc::ContextResult::provider_rejection, rpc::ContextReason::abstract_syntax_not_supported, {}};
        ack.answers.push_back(accepted);
        back.body = ack;
    }
    base::Bytes octets;
    rpc::emit(octets, back);
    return octets;
}

base::Bytes Rig::stub_for(std::uint16_t opnum, const wire::Endpoint& target, base::ByteView request) {
    base::Bytes stub;
    rpc::NdrWriter out(stub, server.big_endian ? rpc::ByteOrder::big : rpc::ByteOrder::little);
    if (target.port == wire::Port{135} && opnum == rpc::epm_opnum::lookup_handle_free) {
        emit(out, rpc::EptHandleFreeResponse{});
    } else if (target.port == wire::Port{135}) {
        const auto asked = rpc::parse_ept_map_request(request, rpc::ByteOrder::little);
        BOOST_TEST_REQUIRE(asked.has_value());
        const auto tower = rpc::parse_tower(asked->tower.value());
        BOOST_TEST_REQUIRE(tower.has_value());
        rpc::EptMapResponse answer{.max_towers = asked->max_towers, .towers = {}, .status = server.map_status};
        if (server.map_handle) answer.entry_handle = some_handle;
        rpc::Tower found = *tower;
        found.port = port_of(found.interface.uuid);
        found.host = target.address;
        if (server.towers)
            answer.towers = *server.towers;
        else if (server.map_status == 0)
            answer.towers = {found};
        emit(out, answer);
    } else if (target.port == directory_port && opnum == rpc::nspi_opnum::bind) {
        emit(out, rpc::NspiBindResponse{.server = std::nullopt, .handle = some_handle});
    } else if (target.port == directory_port) {
        for (int i = 0; i < 11; ++i) out.u32(0);  // STAT, no delta, success
    } else if (target.port == store_port && opnum == rpc::emsmdb_opnum::connect) {
        emit(out, rpc::EcDoConnectResponse{.handle = some_handle, .dn_prefix = "/o=X", .display_name = "user"});
    } else if (target.port == store_port && opnum == rpc::emsmdb_opnum::register_push_notification) {
        const auto asked = rpc::parse_ec_register_push_request(request, rpc::ByteOrder::little);
        BOOST_TEST_REQUIRE(asked.has_value());
        BOOST_TEST((asked->callback == wire::Endpoint{client_address, udp_port}));
        if (server.mail_after) notice_ = {now_ + *server.mail_after, asked->context};
        emit(out, rpc::EcRegisterPushResponse{.handle = some_handle, .notification = 1});
    } else if (target.port == store_port) {
        out.handle(some_handle);
        for (const std::uint32_t word : {0x7fffU, 0U, 0U}) out.u32(word);
        out.u16(0);
        out.u32(0);
    } else {  // the referral: no string behind either pointer, success
        for (int i = 0; i < 3; ++i) out.u32(0);
    }
    return stub;
}

const client::ActionOutcome& Rig::outcome(std::size_t index) const {
    BOOST_TEST_REQUIRE(index < client_.outcomes().size());
    return client_.outcomes()[index];
}

std::size_t Rig::open_connections() const {
    return static_cast<std::size_t>(
        std::count_if(peers_.begin(), peers_.end(), [](const auto& entry) { return entry.second.open; }));
}

actor::ConnectionId Rig::connection_to(wire::Port port) const {
    actor::ConnectionId found;
    for (const auto& [id, peer] : peers_)
        if (peer.target.port == port) found = {id};
    return found;
}

}  // namespace rig
