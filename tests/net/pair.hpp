// Two hosts and a wire between them, with every packet written down as it is sent.
#pragma once

#include "drill.hpp"
#include "sim/net/link.hpp"

namespace drill {

struct PairSettings {
    net::StackProfile client{};
    net::StackProfile server{};
    net::LinkSettings link{.latency = 10ms};
    std::uint64_t seed = 1;
    std::uint32_t client_mtu = 1500;
    std::uint32_t server_mtu = 1500;
};

class Pair {
public:
    explicit Pair(const PairSettings& s = {})
        : to_server_(scheduler, s.link, base::Random(s.seed).fork("to server"), server_door_),
          to_client_(scheduler, s.link, base::Random(s.seed).fork("to client"), client_door_),
          client_out_(*this, to_server_, "> "),
          server_out_(*this, to_client_, "< "),
          client(scheduler, {.addresses = {peer_address}, .profile = s.client, .mtu = s.client_mtu},
                 base::Random(s.seed).fork("client"), client_out_),
          server(scheduler, {.addresses = {host_address}, .profile = s.server, .mtu = s.server_mtu},
                 base::Random(s.seed).fork("server"), server_out_) {
        client_door_.host = &client;
        server_door_.host = &server;
        caller.host = &client;
        caller.clock = &scheduler;
        callee.host = &server;
        callee.clock = &scheduler;
    }

    net::SocketId call(std::uint16_t port) { return *client.connect(caller, 0, {host_address, wire::Port{port}}); }
    Lines take_frames() { return std::exchange(frames, {}); }

    net::Scheduler scheduler;
    Lines frames;                     // "0.010 s < SYN-ACK", with " 72" for 72 octets of payload
    std::vector<base::Bytes> octets;  // the same packets whole

private:
    struct Door final : net::Node {
        net::Host* host = nullptr;
        void receive(net::Packet packet, base::SimTime now) override { host->receive(std::move(packet), now); }
    };
    struct Tap final : net::Node {
        Tap(Pair& p, net::Node& n, const char* d) : pair(p), next(n), direction(d) {}
        Pair& pair;
        net::Node& next;
        const char* direction;
        void receive(net::Packet packet, base::SimTime now) override {
            const auto view = wire::parse(packet.octets);
            std::string line = base::format_seconds(now) + " " + direction;
            if (const auto* tcp = view->tcp())
                line += wire::format(tcp->flags);
            else
                line += wire::format(view->ip.protocol);
            if (!view->payload.empty()) line += " " + std::to_string(view->payload.size());
            pair.frames.push_back(line);
            pair.octets.push_back(packet.octets);
            next.receive(std::move(packet), now);
        }
    };
    Door client_door_, server_door_;
    net::Link to_server_, to_client_;
    Tap client_out_, server_out_;

public:
    net::Host client;
    net::Host server;
    Scribe caller;
    Scribe callee;
};

}  // namespace drill
