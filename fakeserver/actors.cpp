#include "fakeserver/actors.hpp"

#include "fakeserver/endpoint_map.hpp"
#include "fakeserver/notices.hpp"
#include "fakeserver/rpc_port.hpp"
#include "fakeserver/service_calls.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/sealing.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace fakeserver {
namespace {

using Servers = std::vector<std::unique_ptr<rpc::InterfaceServer>>;

class MapperActor final : public actor::Actor {
public:
    MapperActor(wire::Port port, std::shared_ptr<const EndpointMap> map, base::Random random, bool sealed)
        : map_(std::move(map)), port_(port, servers(*map_), random), sealed_(sealed) {}

    void handle(const actor::Event& event, base::SimTime, actor::Actions& out) override {
        if (sealed_)
            handle_sealed(event, out);
        else
            port_.handle(event, out);
    }

private:
    // The port never learns that anything is sealed.
    void handle_sealed(const actor::Event& event, actor::Actions& out) {
        const auto sealer = [this](actor::ConnectionId id) -> rpc::Sealer& {
            return sealers_.try_emplace(id.value, rpc::Sealer::End::server).first->second;
        };
        const std::size_t before = out.size();
        if (const auto* received = std::get_if<actor::Received>(&event)) {
            const base::Bytes opened = sealer(received->connection).incoming(received->octets);
            if (!opened.empty()) port_.handle(actor::Received{received->connection, opened}, out);
        } else {
            if (const auto* closed = std::get_if<actor::PeerClosed>(&event)) sealers_.erase(closed->connection.value);
            if (const auto* reset = std::get_if<actor::Reset>(&event)) sealers_.erase(reset->connection.value);
            port_.handle(event, out);
        }
        for (std::size_t i = before; i < out.size(); ++i)
            if (auto* send = std::get_if<actor::Send>(&out[i]))
                send->octets = sealer(send->connection).outgoing(send->octets);
    }

    static Servers servers(const EndpointMap& map) {
        Servers out;
        out.push_back(std::make_unique<rpc::EpmServer>(map.entries));
        return out;
    }

    std::shared_ptr<const EndpointMap> map_;  // the server below reads it, and goes first
    RpcPort port_;
    bool sealed_;
    std::map<std::uint32_t, rpc::Sealer> sealers_;  // by connection
};

// A service that only answers.
class ServiceActor final : public actor::Actor {
public:
    ServiceActor(wire::Port port, Servers servers, base::Random random) : port_(port, std::move(servers), random) {}

    void handle(const actor::Event& event, base::SimTime, actor::Actions& out) override { port_.handle(event, out); }

private:
    RpcPort port_;
};

// The store: answers, and tells of new mail by UDP.
class StoreActor final : public actor::Actor {
public:
    // `store` is the EMSMDB interface among `servers`.
    StoreActor(wire::Port port, Servers servers, StoreInterface& store, base::Random random,
               std::optional<base::SimDuration> mail_after)
        : store_(store), port_(port, std::move(servers), random), mail_after_(mail_after) {}

    void handle(const actor::Event& event, base::SimTime, actor::Actions& out) override {
        if (const auto* timer = std::get_if<actor::TimerFired>(&event)) return on_timer(timer->timer, out);
        if (std::holds_alternative<actor::UdpOpened>(event)) return on_socket(out);
        port_.handle(event, out);
        if (std::holds_alternative<actor::Received>(event)) note_calls(out);
        if (const auto* closed = std::get_if<actor::PeerClosed>(&event)) notices_.connection_gone(closed->connection);
        if (const auto* reset = std::get_if<actor::Reset>(&event)) notices_.connection_gone(reset->connection);
    }

private:
    static constexpr actor::UdpId notice_socket{1};
    static constexpr actor::TimerId repeat_timer{2};

    enum class Socket : std::uint8_t { closed, opening, open };

    void note_calls(actor::Actions& out) {
        const auto registrations = store_.take_registrations();
        for (const rpc::EcRegisterPushRequest& request : registrations) notices_.add(port_.fed(), request);
        if (!registrations.empty() && mail_after_) out.emplace_back(actor::SetTimer{new_mail_timer, *mail_after_});
        for (const SessionNews& news : store_.take_news()) {
            if (news.ended)
                notices_.session_ended(news.session);
            else
                notices_.fetched(news.session);
        }
        if (!port_.is_open(port_.fed())) notices_.connection_gone(port_.fed());
    }

    void on_timer(actor::TimerId timer, actor::Actions& out) {
        if (timer == new_mail_timer) {
            if (notices_.mail_arrives()) send(out);
        } else if (timer == repeat_timer) {
            send(out);
        }
    }

    // The port is any free one, taken when there is something to send for the first time (Q264035).
    void send(actor::Actions& out) {
        if (socket_ == Socket::open) {
            on_socket(out);
        } else if (socket_ == Socket::closed) {
            socket_ = Socket::opening;
            out.emplace_back(actor::OpenUdp{notice_socket, wire::Port{0}});
        }
    }

    void on_socket(actor::Actions& out) {
        socket_ = Socket::open;
        if (notices_.send(notice_socket, out)) out.emplace_back(actor::SetTimer{repeat_timer, notice_interval});
    }

    StoreInterface& store_;  // owned by port_
    RpcPort port_;
    Notices notices_;
    std::optional<base::SimDuration> mail_after_;
    Socket socket_ = Socket::closed;
};

// Ports that accept and say nothing.
class ListenerActor final : public actor::Actor {
public:
    explicit ListenerActor(std::vector<wire::Port> ports) : ports_(std::move(ports)) {}

    void handle(const actor::Event& event, base::SimTime, actor::Actions& out) override {
        if (std::holds_alternative<actor::Started>(event))
            for (const wire::Port port : ports_) out.emplace_back(actor::Listen{port});
        if (const auto* closed = std::get_if<actor::PeerClosed>(&event))
            out.emplace_back(actor::Close{closed->connection});
    }

private:
    std::vector<wire::Port> ports_;
};

struct ServiceServers {
    Servers all;
    StoreInterface* store = nullptr;  // among them
};

ServiceServers make_servers(ExchangeVersion version, Service service, const ActorOptions& options,
                            base::Random& random) {
    ServiceServers out;
    for (const RegisteredInterface& row : interfaces_of(version, service)) {
        if (row.id == rpc::nspi_interface) {
            out.all.push_back(std::make_unique<DirectoryInterface>(rpc::random_uuid(random)));
        } else if (row.id == rpc::rfr_interface) {
            out.all.push_back(std::make_unique<ReferralInterface>(options.server_name));
        } else if (row.id == rpc::emsmdb_interface) {
            auto store = std::make_unique<StoreInterface>();
            out.store = store.get();
            out.all.push_back(std::move(store));
        } else {
            out.all.push_back(std::make_unique<ClosedInterface>(row.id));
        }
    }
    return out;
}

}  // namespace

HostedActor make_mapper_actor(std::shared_ptr<const EndpointMap> map, const ActorOptions& options) {
    return {.name = "endpoint mapper",
            .service = {},
            .actor = std::make_unique<MapperActor>(options.mapper, std::move(map),
                                                   base::Random(options.salt).fork("mapper"),
                                                   options.mapper_sealed)};
}

HostedActor make_service_actor(const PortPolicy& policy, const ServerStart& start, Service service,
                               const ActorOptions& options) {
    const ServiceTraits* traits = traits_of(policy.conditions.version, service);
    HostedActor out{
        .name = std::string(traits == nullptr ? word(service) : traits->process), .service = service, .actor = nullptr};
    if (!start.of(service).has_tcp()) return out;
    const wire::Port port = start.of(service).port;
    base::Random random = base::Random(options.salt).fork(word(service));
    ServiceServers servers = make_servers(policy.conditions.version, service, options, random);
    if (servers.store == nullptr)
        out.actor = std::make_unique<ServiceActor>(port, std::move(servers.all), random);
    else
        out.actor =
            std::make_unique<StoreActor>(port, std::move(servers.all), *servers.store, random, options.new_mail_after);
    return out;
}

HostedActor make_listener_actor(const StartConditions& conditions, bool with_busy) {
    const auto listen = other_listeners(conditions);
    std::vector<wire::Port> ports(listen.begin(), listen.end());
    if (with_busy) ports.insert(ports.end(), conditions.busy.begin(), conditions.busy.end());
    std::sort(ports.begin(), ports.end());
    ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
    std::erase(ports, mapper_port);
    return {.name = "other listeners", .service = {}, .actor = std::make_unique<ListenerActor>(std::move(ports))};
}

std::vector<HostedActor> make_actors(const PortPolicy& policy, const ServerStart& start,
                                     std::shared_ptr<const EndpointMap> map, const ActorOptions& options) {
    std::vector<HostedActor> out;
    out.reserve(service_count + 2);
    out.push_back(make_mapper_actor(std::move(map), options));
    for (const Service service : start_order)
        if (start.of(service).has_tcp()) out.push_back(make_service_actor(policy, start, service, options));
    out.push_back(make_listener_actor(policy.conditions, true));
    return out;
}

}  // namespace fakeserver
