// Properties of server starts: uniform draws, no busy or doubled port, in-order counting, exact sets, speed.
#include "fakeserver/drawing.hpp"
#include "fakeserver/start.hpp"
#include "registry_support.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

namespace fakeserver::testing {
namespace {

std::string pool_of(std::initializer_list<std::string_view> ports) {
    return std::string(rpc_internet_key) + "\"Ports\"=" + multi_sz(ports) +
           "\n\"PortsInternetAvailable\"=\"Y\"\n\"UseInternetPorts\"=\"Y\"\n";
}

std::string fixed(std::string_view key, unsigned port) {
    const std::string digits = "0123456789abcdef";
    std::string hex;
    for (int shift = 12; shift >= 0; shift -= 4) hex += digits[port >> static_cast<unsigned>(shift) & 15U];
    return services(key) + "\"TCP/IP port\"=dword:" + hex + "\n";
}

void check_start(const PortPolicy& policy, const ServerStart& start) {
    std::set<wire::Port> seen;
    for (const ServiceStart& service : start.services) {
        BOOST_REQUIRE(service.has_tcp() == (service.port.value != 0));
        if (!service.has_tcp()) continue;
        BOOST_REQUIRE(seen.insert(service.port).second);
        BOOST_REQUIRE(!policy.taken.contains(service.port));
        if (service.source != PortSource::fixed) BOOST_REQUIRE(policy.pool.free.contains(service.port));
    }
}

BOOST_AUTO_TEST_CASE(pools) {
    const auto range = [](std::uint16_t a, std::uint16_t b) { return wire::PortRange{wire::Port{a}, wire::Port{b}}; };
    const PortPool pool({range(10, 12), range(0, 0), range(65534, 65535), range(12, 14)});
    BOOST_TEST(pool.size() == 7U);
    for (std::uint32_t n = 0; n < pool.size(); ++n) {
        BOOST_TEST(pool.contains(pool.nth(n)));
        BOOST_TEST(pool.rank(pool.nth(n)) == n);
    }
    BOOST_TEST(pool.rank(wire::Port{15}) == 5U);
    BOOST_TEST(pool.rank(wire::Port{1}) == 0U);
    // Against sets, over all subsets of a few small ports on either side.
    for (unsigned a = 0; a < 64; ++a)
        for (unsigned b = 0; b < 64; ++b) {
            std::vector<wire::PortRange> first, second;
            std::uint32_t expected = 0;
            for (std::uint16_t i = 0; i < 6; ++i) {
                const auto port = static_cast<std::uint16_t>(i < 3 ? i + 1 : 65530 + i);
                if (a >> i & 1U) first.push_back(range(port, port));
                if (b >> i & 1U) second.push_back(range(port, port));
                if ((a & ~b) >> i & 1U) ++expected;
            }
            const PortPool left = PortPool(first).without(PortPool(second));
            BOOST_REQUIRE(left.size() == expected);
            for (std::uint32_t n = 0; n < left.size(); ++n) BOOST_REQUIRE(!PortPool(second).contains(left.nth(n)));
        }
}

BOOST_AUTO_TEST_CASE(random_draws_are_uniform_over_the_free_ports) {
    StartConditions conditions;
    conditions.busy = {wire::Port{6003}, wire::Port{6007}};
    const PortPolicy policy = make_port_policy(registry_of(pool_of({"6000-6011"})), conditions);
    BOOST_TEST(policy.pool.free.size() == 10U);
    constexpr int starts = 20000;
    std::array<std::map<unsigned, int>, service_count> counts;
    base::Random random(3);
    for (int i = 0; i < starts; ++i) {
        const ServerStart start = start_services(policy, random);
        check_start(policy, start);
        for (const Service s : start_order) ++counts[index_of(s)][start.of(s).port.value];
    }
    // 2000 expected each, sigma 42; five of them keep a fixed seed's luck out of the way.
    for (const Service s : {Service::attendant, Service::directory, Service::information_store, Service::mta}) {
        BOOST_TEST(counts[index_of(s)].size() == 10U);
        for (const auto& [port, count] : counts[index_of(s)])
            BOOST_TEST((count > 1790 && count < 2210), port << " " << count);
    }
}

BOOST_AUTO_TEST_CASE(ranges_of_the_generations) {
    struct Case {
        ExchangeVersion version;
        Windows windows;
        std::string extra;
        std::string expected;
    };
    const std::string tcpip = services("Tcpip\\Parameters");
    const std::vector<Case> cases{
        {ExchangeVersion::v5_5, Windows::nt4, "", "1025-5000"},
        {ExchangeVersion::v2000, Windows::w2000, "", "1025-5000"},
        {ExchangeVersion::v2003, Windows::w2003, "", "1025-5000"},
        {ExchangeVersion::v2003, Windows::w2008, "", "49152-65535"},
        {ExchangeVersion::v2007, Windows::w2008, "", "1025-60000"},
        {ExchangeVersion::v2010, Windows::w2008, "", "6005-59530"},
        {ExchangeVersion::v5_5, Windows::nt4, tcpip + "\"MaxUserPort\"=dword:0000fffe\n", "1025-65534"},
        {ExchangeVersion::v5_5, Windows::nt4, tcpip + "\"MaxUserPort\"=dword:00000400\n", "1025-5000"},
        {ExchangeVersion::v5_5, Windows::nt4, tcpip + "\"MaxUserPort\"=\"65534\"\n", "1025-5000"},
        {ExchangeVersion::v2007, Windows::w2008, tcpip + "\"MaxUserPort\"=dword:00002710\n", "1025-60000"},
        {ExchangeVersion::v5_5, Windows::nt4, tcpip + "\"ReservedPorts\"=" + multi_sz({"1433-1434", "x"}) + "\n",
         "1025-1432, 1435-5000"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.expected) {
            const PortPolicy policy =
                make_port_policy(registry_of(c.extra), {.version = c.version, .windows = c.windows});
            BOOST_TEST(wire::format(policy.pool.all.ranges()) == c.expected);
            for (std::uint64_t seed = 0; seed < 200; ++seed) {
                base::Random random(seed);
                check_start(policy, start_services(policy, random));
            }
        }
}

BOOST_AUTO_TEST_CASE(in_order_counts_up_skips_and_wraps) {
    StartConditions conditions;
    conditions.dynamic = DynamicMode::in_order;
    for (std::uint16_t busy = 1025; busy < 1035; ++busy) conditions.busy.push_back(wire::Port{busy});
    const PortPolicy policy = make_port_policy(registry_of(""), conditions);
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        base::Random random(seed);
        ServerStart start = start_services(policy, random);
        check_start(policy, start);
        BOOST_TEST(start.of(Service::attendant).port.value >= 1035U);
        BOOST_TEST(start.of(Service::attendant).port.value <= 1025U + boot_noise_max);
        BOOST_TEST((start.of(Service::attendant).port < start.of(Service::directory).port &&
                    start.of(Service::directory).port < start.of(Service::information_store).port));
        const wire::Port before = start.of(Service::information_store).port;
        start =
            restart_services(policy, start, restarted_with(ExchangeVersion::v5_5, Service::information_store), random);
        BOOST_TEST((start.of(Service::information_store).port > before));
        check_start(policy, start);
    }
    // A small range wraps, restart after restart, and never doubles a port.
    const PortPolicy small = make_port_policy(registry_of(pool_of({"6000-6004"})), {.dynamic = DynamicMode::in_order});
    base::Random random(1);
    ServerStart start = start_services(small, random);
    for (int i = 0; i < 1000; ++i) {
        start = restart_services(small, start, {Service::information_store}, random);
        check_start(small, start);
        BOOST_REQUIRE(start.of(Service::information_store).has_tcp());
    }
}

// Plays every outcome of the draws.
class Every {
public:
    std::uint64_t below(std::uint64_t bound) {
        if (at_ == digits_.size()) digits_.push_back({0, bound});
        return digits_[at_++].first;
    }
    bool next() {
        for (at_ = 0; !digits_.empty(); digits_.pop_back())
            if (++digits_.back().first < digits_.back().second) return true;
        return false;
    }

private:
    std::vector<std::pair<std::uint64_t, std::uint64_t>> digits_;
    std::size_t at_ = 0;
};

BOOST_AUTO_TEST_CASE(possible_ports_are_exactly_those_of_all_starts) {
    // Small pools, and every mixture of dynamic ports and fixed ones inside, beside and on top of each other.
    const std::array<unsigned, 4> choices{0, 6000, 6001, 7000};
    const std::array<std::string_view, 3> keys{"MSExchangeSA\\Parameters", "MSExchangeDS\\Parameters",
                                               "MSExchangeIS\\ParametersSystem"};
    for (const DynamicMode mode : {DynamicMode::random, DynamicMode::in_order})
        for (const std::string_view pool : {"6000", "6000-6001", "6000-6002", "6000-6004"})
            for (std::size_t mixture = 0; mixture < 64; ++mixture) {
                std::string body = pool_of({pool});
                for (std::size_t i = 0; i < keys.size(); ++i)
                    if (const unsigned port = choices[mixture >> 2 * i & 3U]) body += fixed(keys[i], port);
                const PortPolicy policy = make_port_policy(registry_of(body), {.dynamic = mode});
                std::array<std::set<wire::Port>, service_count> got;
                Every outcome;
                do {
                    const ServerStart start = Starter<Every>(policy, {}, outcome).run(all_services, true);
                    for (const Service s : start_order)
                        if (start.of(s).has_tcp()) got[index_of(s)].insert(start.of(s).port);
                } while (outcome.next());
                for (const Service s : start_order) {
                    std::vector<wire::PortRange> expected;
                    for (const wire::Port port : got[index_of(s)]) expected.push_back(wire::PortRange::only(port));
                    BOOST_REQUIRE_MESSAGE(possible_ports(policy, s) == wire::normalized(expected),
                                          pool << " mixture " << mixture << " " << word(s));
                }
            }
}

BOOST_AUTO_TEST_CASE(no_start_draws_a_port_that_is_taken) {
    StartConditions conditions;
    for (std::uint16_t busy = 1026; busy < 1126; busy += 2) conditions.busy.push_back(wire::Port{busy});
    for (const DynamicMode mode : {DynamicMode::random, DynamicMode::in_order}) {
        conditions.dynamic = mode;
        const PortPolicy policy = make_port_policy(registry_of(fixed("MSExchangeDS\\Parameters", 5001)), conditions);
        std::size_t wrong = 0;
        for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
            base::Random random(seed);
            const wire::Port drawn = start_services(policy, random).of(Service::information_store).port;
            const bool taken = std::find(conditions.busy.begin(), conditions.busy.end(), drawn) != conditions.busy.end();
            wrong += taken || drawn.value < 1025 || drawn.value > 5000 ? 1U : 0U;
        }
        BOOST_TEST(wrong == 0U);
    }
}

BOOST_AUTO_TEST_CASE(same_seed_same_start) {
    const PortPolicy policy = make_port_policy(registry_of(""), {});
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        base::Random one(seed), other(seed);
        BOOST_TEST((start_services(policy, one) == start_services(policy, other)));
    }
}

BOOST_AUTO_TEST_CASE(who_restarts_with_whom) {
    const auto names = [](ExchangeVersion version, Service service) {
        std::string out;
        for (const Service s : start_order)
            if (restarted_with(version, service).contains(s)) out += std::string(short_name(s)) + " ";
        return out;
    };
    BOOST_TEST(names(ExchangeVersion::v5_5, Service::attendant) == "SA DS IS MTA ");
    BOOST_TEST(names(ExchangeVersion::v5_5, Service::directory) == "DS IS MTA ");
    BOOST_TEST(names(ExchangeVersion::v5_5, Service::mta) == "MTA ");
    BOOST_TEST(names(ExchangeVersion::v2003, Service::directory) == "SA DS IS MTA ");
    BOOST_TEST(names(ExchangeVersion::v2010, Service::directory) == "DS ");
}

}  // namespace
}  // namespace fakeserver::testing
