// Conversations with the server's actors: every call of a logon, any split of the stream, connections that break off
// at every step, and the new-mail notices.
#include "fakeserver/actors.hpp"

#include "fakeserver/endpoint_map.hpp"
#include "registry_support.hpp"
#include "sim/rpc/client_session.hpp"
#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/nspi.hpp"
#include "sim/rpc/status.hpp"

#include <array>
#include <optional>
#include <vector>

namespace fakeserver::testing {
namespace {

namespace actor = sim::actor;

const wire::IpAddress server_address = wire::IpAddress::v4(10, 0, 0, 10);
const wire::Endpoint client_end{wire::IpAddress::v4(192, 0, 2, 50), wire::Port{1030}};

struct Server {
    PortPolicy policy;
    ServerStart start;
    std::shared_ptr<EndpointMap> map;

    explicit Server(StartConditions conditions = {}) : policy(make_port_policy(Registry{}, conditions)) {
        base::Random random(5);
        start = start_services(policy, random);
        map = make_endpoint_map(policy, start);
    }
    HostedActor mapper() const { return make_mapper_actor(map, {}); }
    HostedActor service(Service s, std::optional<base::SimDuration> mail = {}) const {
        return make_service_actor(policy, start, s, {.new_mail_after = mail});
    }
};

// One client connection to an actor; octets are handed over in pieces of `piece`.
class Wire {
public:
    Wire(actor::Actor& actor, const rpc::SyntaxId& interface, wire::Port port, std::uint32_t id = 1,
         std::size_t piece = 100'000)
        : actor_(actor), session_(interface), id_{id}, piece_(piece) {
        (void)say(actor::Accepted{id_, {server_address, port}, client_end});
    }

    actor::Actions say(const actor::Event& event) {
        actor::Actions out;
        actor_.handle(event, base::time_zero, out);
        return out;
    }
    // The outcome of sending these octets.
    std::optional<rpc::ClientOutcome> exchange(const base::Bytes& octets) {
        std::optional<rpc::ClientOutcome> outcome;
        for (std::size_t at = 0; at < octets.size(); at += piece_) {
            const base::ByteView part = base::ByteView(octets).subspan(at, std::min(piece_, octets.size() - at));
            for (const actor::Action& action : say(actor::Received{id_, part})) {
                if (const auto* sent = std::get_if<actor::Send>(&action)) outcome = session_.feed(sent->octets);
                if (std::holds_alternative<actor::Close>(action)) closed = true;
            }
        }
        return outcome;
    }
    bool bind() {
        const auto outcome = exchange(session_.bind());
        return outcome && std::holds_alternative<rpc::BindAccepted>(*outcome);
    }
    std::optional<rpc::ClientOutcome> call(std::uint16_t opnum, const base::Bytes& stub) {
        return exchange(session_.request(opnum, stub));
    }
    rpc::CallDone done(std::uint16_t opnum, const base::Bytes& stub) {
        const auto outcome = call(opnum, stub);
        BOOST_REQUIRE((outcome && std::holds_alternative<rpc::CallDone>(*outcome)));
        return std::get<rpc::CallDone>(*outcome);
    }
    std::uint32_t fault(std::uint16_t opnum, const base::Bytes& stub) {
        const auto outcome = call(opnum, stub);
        BOOST_REQUIRE((outcome && std::holds_alternative<rpc::CallFaulted>(*outcome)));
        return std::get<rpc::CallFaulted>(*outcome).status;
    }

    bool closed = false;

private:
    actor::Actor& actor_;
    rpc::ClientSession session_;
    actor::ConnectionId id_;
    std::size_t piece_;
};

base::Bytes do_rpc_stub(const rpc::ContextHandle& handle, std::uint32_t claimed = 2) {
    base::Bytes stub;
    rpc::NdrWriter out(stub);
    out.handle(handle);
    out.u32(0x7fff);
    out.u32(0);
    out.u32(claimed);
    out.u8(2);
    out.u8(0);
    out.u16(2);
    out.u16(0x7fff);
    return stub;
}

base::Bytes update_stat_stub(const rpc::ContextHandle& handle, bool delta) {
    base::Bytes stub;
    rpc::NdrWriter out(stub);
    out.handle(handle);
    out.u32(0);
    for (std::uint32_t i = 0; i < 9; ++i) out.u32(i);
    out.u32(delta ? 1 : 0);
    if (delta) out.u32(7);
    return stub;
}

std::uint32_t code_of(const rpc::CallDone& done) {
    return rpc::NdrReader(base::ByteView(done.stub).last(4), done.order).u32();
}

// The store's logon up to the registration, and its handle.
rpc::ContextHandle log_on(Wire& wire) {
    BOOST_REQUIRE(wire.bind());
    const auto connected = wire.done(0, rpc::ec_connect_stub({.user_dn = "/o=x/cn=user"}));
    const auto response = rpc::parse_ec_connect_response(connected.stub, connected.order);
    BOOST_REQUIRE(response.has_value());
    const auto registered =
        wire.done(4, rpc::ec_register_push_stub({.handle = response->handle,
                                                 .context = {1, 2, 3, 4, 5, 6, 7, 8},
                                                 .callback = {client_end.address, wire::Port{1050}}}));
    BOOST_TEST(code_of(registered) == 0U);
    return response->handle;
}

template <class Wanted>
std::vector<Wanted> only(const actor::Actions& actions) {
    std::vector<Wanted> out;
    for (const actor::Action& action : actions)
        if (const auto* wanted = std::get_if<Wanted>(&action)) out.push_back(*wanted);
    return out;
}

BOOST_AUTO_TEST_CASE(everyone_listens_where_the_start_says) {
    for (const auto version : {ExchangeVersion::v4_0, ExchangeVersion::v5_5, ExchangeVersion::v2003,
                               ExchangeVersion::v2007, ExchangeVersion::v2010}) {
        const Server server({.version = version, .busy = {wire::Port{80}}});
        std::vector<unsigned> expected{135, 80, 139};
        for (const Service s : start_order)
            if (server.start.of(s).has_tcp()) expected.push_back(server.start.of(s).port.value);
        std::vector<unsigned> got;
        for (const HostedActor& hosted : make_actors(server.policy, server.start, server.map, {})) {
            BOOST_REQUIRE(hosted.actor != nullptr);
            actor::Actions out;
            hosted.actor->handle(actor::Started{}, base::time_zero, out);
            for (const actor::Listen& listen : only<actor::Listen>(out)) got.push_back(listen.port.value);
        }
        std::sort(expected.begin(), expected.end());
        std::sort(got.begin(), got.end());
        BOOST_TEST(got == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(the_mapper_knows_every_interface_and_each_port_serves_its_own) {
    for (const auto version : {ExchangeVersion::v5_5, ExchangeVersion::v2003, ExchangeVersion::v2010}) {
        const Server server({.version = version});
        const HostedActor mapper = server.mapper();
        std::uint32_t id = 1;
        for (const Service s : start_order)
            for (const RegisteredInterface& row : interfaces_of(version, s)) {
                if (!server.start.of(s).has_tcp()) continue;
                Wire lookup(*mapper.actor, rpc::epm_interface, mapper_port, id += 2);
                BOOST_REQUIRE(lookup.bind());
                const auto answer = lookup.done(3, rpc::ept_map_stub(row.id));
                const auto response = rpc::parse_ept_map_response(answer.stub, answer.order);
                BOOST_REQUIRE(response.has_value());
                BOOST_TEST((rpc::tcp_port_of(*response) == server.start.of(s).port));
                const HostedActor service = server.service(s);
                Wire right(*service.actor, row.id, server.start.of(s).port);
                BOOST_TEST(right.bind());
            }
    }
    const Server server;
    const HostedActor directory = server.service(Service::directory);
    Wire wrong(*directory.actor, rpc::emsmdb_interface, server.start.of(Service::directory).port);
    BOOST_TEST(!wrong.bind());
}

BOOST_AUTO_TEST_CASE(the_map_follows_a_restart) {
    Server server;
    const HostedActor mapper = server.mapper();
    const auto asked = [&](std::uint32_t id) {
        Wire lookup(*mapper.actor, rpc::epm_interface, mapper_port, id);
        BOOST_REQUIRE(lookup.bind());
        const auto answer = lookup.done(3, rpc::ept_map_stub(rpc::emsmdb_interface));
        const auto response = rpc::parse_ept_map_response(answer.stub, answer.order);
        return response ? rpc::tcp_port_of(*response) : std::nullopt;
    };
    BOOST_TEST((asked(1) == server.start.of(Service::information_store).port));
    base::Random random(9);
    server.start = restart_services(server.policy, server.start, {Service::information_store}, random);
    update(*server.map, server.policy, server.start);
    BOOST_TEST((asked(3) == server.start.of(Service::information_store).port));
    server.policy.plan(Service::information_store).kind = PlanKind::stopped;
    server.start = restart_services(server.policy, server.start, {Service::information_store}, random);
    update(*server.map, server.policy, server.start);
    BOOST_TEST((asked(5) == std::nullopt));
    BOOST_TEST((make_service_actor(server.policy, server.start, Service::information_store, {}).actor == nullptr));
}

BOOST_AUTO_TEST_CASE(a_logon_in_pieces_of_every_size) {
    const Server server;
    for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 15U, 16U, 17U, 24U, 71U, 100000U}) {
        const HostedActor directory = server.service(Service::directory);
        Wire nspi(*directory.actor, rpc::nspi_interface, server.start.of(Service::directory).port, 1, piece);
        BOOST_REQUIRE(nspi.bind());
        const auto bound = nspi.done(0, rpc::nspi_bind_stub());
        const auto response = rpc::parse_nspi_bind_response(bound.stub, bound.order);
        BOOST_REQUIRE((response.has_value() && response->code == 0));
        for (const bool delta : {false, true}) {
            const auto stat = nspi.done(2, update_stat_stub(response->handle, delta));
            BOOST_TEST(stat.stub.size() == (delta ? 48U : 44U));
            BOOST_TEST(code_of(stat) == 0U);
        }
        BOOST_TEST(nspi.fault(2, update_stat_stub({}, false)) == rpc::status::nca_context_mismatch);
        BOOST_TEST(nspi.fault(3, update_stat_stub(response->handle, false)) == rpc::status::access_denied);
        BOOST_TEST(nspi.fault(21, {}) == rpc::status::nca_op_rng_error);
        BOOST_TEST(code_of(nspi.done(1, rpc::nspi_unbind_stub(response->handle))) == 1U);

        const HostedActor store = server.service(Service::information_store);
        Wire emsmdb(*store.actor, rpc::emsmdb_interface, server.start.of(Service::information_store).port, 1, piece);
        const rpc::ContextHandle handle = log_on(emsmdb);
        const auto answer = emsmdb.done(2, do_rpc_stub(handle));
        BOOST_TEST(code_of(answer) == 0U);
        BOOST_TEST(answer.stub.size() == 40U);
        BOOST_TEST(emsmdb.fault(2, do_rpc_stub({})) == rpc::status::nca_context_mismatch);
        BOOST_TEST(emsmdb.fault(2, do_rpc_stub(handle, 0xffffffff)) == rpc::status::bad_stub_data);
        const base::Bytes whole = do_rpc_stub(handle);
        for (std::size_t cut = 0; cut < whole.size(); ++cut)
            BOOST_TEST(emsmdb.fault(2, base::Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut))) ==
                       rpc::status::bad_stub_data);
    }
}

BOOST_AUTO_TEST_CASE(referrals_name_the_server) {
    const Server server({.version = ExchangeVersion::v2003, .windows = Windows::w2003});
    const HostedActor attendant = make_service_actor(server.policy, server.start, Service::attendant,
                                                     {.new_mail_after = {}, .server_name = "MAIL7"});
    Wire wire(*attendant.actor, rpc::rfr_interface, server.start.of(Service::attendant).port);
    BOOST_REQUIRE(wire.bind());
    base::Bytes stub;
    rpc::NdrWriter out(stub);
    out.u32(0);
    out.conformant_string("/o=x/cn=user");
    out.u32(0);
    out.u32(1);
    out.u32(0);
    const auto answer = wire.done(0, stub);
    rpc::NdrReader in(answer.stub, answer.order);
    BOOST_TEST(!in.referent());
    BOOST_TEST(in.referent());
    BOOST_TEST(in.referent());
    BOOST_TEST(in.conformant_string() == "MAIL7");
    BOOST_TEST(in.u32() == 0U);
    BOOST_TEST((in.ok() && in.left() == 0));
    for (std::size_t cut = 0; cut < stub.size(); ++cut)
        BOOST_TEST(wire.fault(0, base::Bytes(stub.begin(), stub.begin() + static_cast<std::ptrdiff_t>(cut))) ==
                   rpc::status::bad_stub_data);
    BOOST_TEST(wire.fault(2, {}) == rpc::status::nca_op_rng_error);
}

BOOST_AUTO_TEST_CASE(a_client_may_vanish_at_every_step) {
    const Server server;
    for (const int step : {0, 1, 2})
        for (const bool reset : {false, true}) {
            const HostedActor store = server.service(Service::information_store, std::chrono::seconds(1));
            Wire wire(*store.actor, rpc::emsmdb_interface, server.start.of(Service::information_store).port);
            if (step == 1) BOOST_REQUIRE(wire.bind());
            if (step == 2) (void)log_on(wire);
            const auto left = reset ? wire.say(actor::Reset{{1}}) : wire.say(actor::PeerClosed{{1}});
            BOOST_TEST(only<actor::Close>(left).size() == (reset ? 0U : 1U));
            // Whatever still comes for that connection is ignored, and nobody is told of mail.
            const std::array<base::Byte, 4> late{5, 0, 11, 3};
            BOOST_TEST(wire.say(actor::Received{{1}, late}).empty());
            BOOST_TEST(wire.say(actor::PeerClosed{{1}}).empty());
            BOOST_TEST(wire.say(actor::TimerFired{new_mail_timer}).empty());
        }
    const HostedActor store = server.service(Service::information_store);
    Wire garbage(*store.actor, rpc::emsmdb_interface, server.start.of(Service::information_store).port);
    (void)garbage.exchange({4, 0, 11, 3, 0x10, 0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0});  // version 4
    BOOST_TEST(garbage.closed);
}

BOOST_AUTO_TEST_CASE(notices_repeat_until_the_mail_is_fetched) {
    const Server server;
    const HostedActor store = server.service(Service::information_store);
    Wire wire(*store.actor, rpc::emsmdb_interface, server.start.of(Service::information_store).port);
    const rpc::ContextHandle handle = log_on(wire);
    const auto opening = only<actor::OpenUdp>(wire.say(actor::TimerFired{new_mail_timer}));
    BOOST_REQUIRE(opening.size() == 1U);
    BOOST_TEST(opening[0].port.value == 0U);
    BOOST_TEST(only<actor::OpenUdp>(wire.say(actor::TimerFired{new_mail_timer})).empty());  // still opening

    actor::Actions out = wire.say(actor::UdpOpened{opening[0].socket, wire::Port{1200}});
    std::optional<actor::TimerId> repeat;
    unsigned sent = 0;
    for (;;) {
        for (const actor::SendTo& notice : only<actor::SendTo>(out)) {
            ++sent;
            BOOST_TEST(wire::format(notice.target) == "192.0.2.50:1050");
            BOOST_TEST((notice.octets == base::Bytes{1, 2, 3, 4, 5, 6, 7, 8}));
        }
        const auto timers = only<actor::SetTimer>(out);
        if (timers.empty()) break;
        BOOST_TEST((timers[0].after == notice_interval));
        repeat = timers[0].timer;
        out = wire.say(actor::TimerFired{*repeat});
    }
    BOOST_TEST(sent == notice_sends_max);

    BOOST_TEST(only<actor::SendTo>(wire.say(actor::TimerFired{new_mail_timer})).size() == 1U);
    BOOST_TEST(code_of(wire.done(2, do_rpc_stub(handle))) == 0U);
    BOOST_TEST(only<actor::SendTo>(wire.say(actor::TimerFired{*repeat})).empty());
    BOOST_TEST(only<actor::SendTo>(wire.say(actor::TimerFired{new_mail_timer})).size() == 1U);
    BOOST_TEST(code_of(wire.done(1, rpc::ec_disconnect_stub(handle))) == 0U);
    BOOST_TEST(only<actor::SendTo>(wire.say(actor::TimerFired{*repeat})).empty());
    BOOST_TEST(only<actor::SendTo>(wire.say(actor::TimerFired{new_mail_timer})).empty());
}

BOOST_AUTO_TEST_CASE(mail_can_come_by_itself_after_registration) {
    const Server server;
    const HostedActor store = server.service(Service::information_store, std::chrono::seconds(5));
    Wire wire(*store.actor, rpc::emsmdb_interface, server.start.of(Service::information_store).port);
    BOOST_REQUIRE(wire.bind());
    const auto connected = wire.done(0, rpc::ec_connect_stub({}));
    const auto response = rpc::parse_ec_connect_response(connected.stub, connected.order);
    // The raw octets of a request, since the timer is among the actions and not in the answer.
    base::Bytes stub = rpc::ec_register_push_stub(
        {.handle = response->handle, .context = {9}, .callback = {client_end.address, wire::Port{1050}}});
    base::Bytes octets;
    rpc::emit(octets, rpc::Pdu{.call_id = 9,
                               .body = rpc::Request{.context_id = 0, .opnum = 4, .object = {}, .stub = stub},
                               .auth = {}});
    const auto timers = only<actor::SetTimer>(wire.say(actor::Received{{1}, octets}));
    BOOST_REQUIRE(timers.size() == 1U);
    BOOST_TEST((timers[0].timer == new_mail_timer));
    BOOST_TEST((timers[0].after == std::chrono::seconds(5)));
}

BOOST_AUTO_TEST_CASE(silent_listeners_accept_and_close) {
    StartConditions conditions;
    conditions.listen = {wire::Port{445}, wire::Port{135}, wire::Port{445}};
    const HostedActor hosted = make_listener_actor(conditions, true);
    actor::Actions out;
    hosted.actor->handle(actor::Started{}, base::time_zero, out);
    BOOST_TEST(out.size() == 1U);
    out.clear();
    const std::array<base::Byte, 3> octets{1, 2, 3};
    hosted.actor->handle(actor::Accepted{{1}, {server_address, wire::Port{445}}, client_end}, base::time_zero, out);
    hosted.actor->handle(actor::Received{{1}, octets}, base::time_zero, out);
    BOOST_TEST(out.empty());
    hosted.actor->handle(actor::PeerClosed{{1}}, base::time_zero, out);
    BOOST_TEST(only<actor::Close>(out).size() == 1U);
}

}  // namespace
}  // namespace fakeserver::testing
