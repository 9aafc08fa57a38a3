// A live server with everything on it, and a fake Outlook that logs on to it, in one loop.
#pragma once

#include "client/explain.hpp"
#include "client/mapper_listing.hpp"
#include "client/outlook.hpp"
#include "fakeserver/registry_file.hpp"
#include "rig.hpp"
#include "scenarios/live/server.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace rig {

inline const wire::IpAddress home = wire::IpAddress::v4(127, 0, 0, 1);

// A registry in which services have ports of their own; 0 leaves one out.
inline fakeserver::Registry pinned(wire::Port directory, wire::Port store) {
    std::string text = "REGEDIT4\n\n";
    const auto add = [&text](std::string_view key, wire::Port port) {
        if (port.value == 0) return;
        static constexpr std::string_view digits = "0123456789abcdef";
        std::string number;
        for (int shift = 28; shift >= 0; shift -= 4) number += digits[port.value >> shift & 15];
        text += "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\" + std::string(key) +
                "]\n\"TCP/IP port\"=dword:" + number + "\n\n";
    };
    add("MSExchangeDS\\Parameters", directory);
    add("MSExchangeIS\\ParametersSystem", store);
    const auto file = fakeserver::parse_registry_file("test.reg", base::view_of(text));
    BOOST_REQUIRE(file);
    fakeserver::Registry registry;
    registry.import(*file);
    return registry;
}

struct Served : Rig {
    explicit Served(live::Limits limits = {}, fakeserver::Registry registry = {}, std::uint64_t seed = 1)
        : Rig(limits), mapper(free_port()) {
        scenarios::live::ServerOrder order;
        order.mapper = mapper;
        order.seed = seed;
        order.mail_after = std::chrono::milliseconds(50);
        server = std::make_unique<scenarios::live::LiveServer>(loop, order, std::move(registry));
        const auto problem = server->boot();
        BOOST_REQUIRE_MESSAGE(!problem, problem.value_or(""));
    }

    std::vector<client::ActionOutcome> play(std::vector<client::Do> actions = {client::Do::logon}) {
        client::OutlookConfig config;
        config.server = home;
        config.mapper_port = mapper;
        config.actions = std::move(actions);
        client::Outlook outlook(config);
        live::DriverSettings settings{.name = "client"};
        settings.udp_on_any_address = true;
        live::Driver driver(loop, settings);
        driver.start(outlook);
        BOOST_TEST(until([&] { return outlook.idle(); }));
        return outlook.outcomes();
    }
    bool works() {
        const auto outcomes = play();
        return outcomes.size() == 1 && outcomes.front().works;
    }
    // Ports of the mapper's list, in its order.
    std::vector<unsigned> listed() {
        client::MapperListing listing({home, mapper});
        live::Driver driver(loop, {.name = "client"});
        driver.start(listing);
        BOOST_TEST(until([&] { return listing.state() != client::MapperListing::State::working; }));
        BOOST_TEST((listing.state() == client::MapperListing::State::complete), listing.problem());
        std::vector<unsigned> ports;
        for (const auto& entry : listing.entries()) {
            BOOST_TEST(entry.tower.has_value());
            BOOST_TEST((entry.tower->host == home));  // the address that the client connected to
            ports.push_back(entry.tower->port.value);
        }
        return ports;
    }
    live::Counters totals() const {
        live::Counters sum;
        for (const auto& one : server->counters()) {
            sum.open += one.counters.open;
            sum.accepted += one.counters.accepted;
            sum.dropped_request += one.counters.dropped_request;
            sum.dropped_slow += one.counters.dropped_slow;
        }
        return sum;
    }

    wire::Port mapper;
    std::unique_ptr<scenarios::live::LiveServer> server;
};

inline bool contains(const std::vector<unsigned>& list, wire::Port port) {
    return std::find(list.begin(), list.end(), port.value) != list.end();
}

}  // namespace rig
