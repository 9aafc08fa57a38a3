// What a start leaves behind for an administrator: events where the articles name one, silence said aloud where they
// name none.
#include "fakeserver/start_log.hpp"

#include "registry_support.hpp"

#include <algorithm>

namespace fakeserver::testing {
namespace {

struct Case {
    const char* name;
    ExchangeVersion version;
    Service service;
    const char* body;     // of the registry, below the header
    std::uint32_t event;  // 0: none
    const char* silence;  // part of it; "" when there is none
    const char* remark;   // part of one; "" when it does not matter
};

#define SERVICES "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\"
constexpr const char* ds_busy = SERVICES "MSExchangeDS\\Parameters]\n\"TCP/IP port\"=dword:00001b58\n";
constexpr const char* is_busy = SERVICES "MSExchangeIS\\ParametersSystem]\n\"TCP/IP port\"=dword:00001b58\n";
constexpr const char* sa_busy = SERVICES "MSExchangeSA\\Parameters]\n\"TCP/IP port\"=dword:00001b58\n";
constexpr const char* mta_busy =
    SERVICES "MSExchangeMTA\\Parameters]\n\"TCP/IP port for RPC listens\"=dword:00001b58\n";
constexpr const char* is_above = SERVICES "MSExchangeIS\\ParametersSystem]\n\"TCP/IP port\"=dword:00010000\n";
constexpr const char* ds_zero = SERVICES "MSExchangeDS\\Parameters]\n\"TCP/IP port\"=dword:00000000\n";
constexpr const char* nspi_busy = SERVICES "MSExchangeSA\\Parameters]\n\"TCP/IP NSPI Port\"=dword:00001b58\n";
#undef SERVICES

using V = ExchangeVersion;
using S = Service;
const Case cases[] = {
    {"nothing wrong", V::v5_5, S::directory, "", 0, "", ""},
    {"DS speaks", V::v5_5, S::directory, ds_busy, 1166, "", "1083 and 1059"},
    {"DS of 4.0 speaks", V::v4_0, S::directory, ds_busy, 1166, "", "not tried again"},
    {"IS is silent", V::v5_5, S::information_store, is_busy, 0, "IS lost its port and logs nothing (Q180795)",
     "Q194952"},
    {"SA is silent", V::v5_5, S::attendant, sa_busy, 0, "SA lost its port and logs nothing (Q180795)", "Q194952"},
    {"MTA speaks", V::v5_0, S::mta, mta_busy, 9321, "", "Q194952"},
    {"a value that is no port: likely", V::v5_5, S::information_store, is_above, 0, "likely logs nothing", ""},
    {"an event for it: likely", V::v5_5, S::directory, ds_zero, 1166, "", "likely"},
    {"IS of 2003 speaks from SP2", V::v2003, S::information_store, is_busy, 9685, "", "KB907783"},
    {"IS of 2000: no article", V::v2000, S::information_store, is_busy, 0, "likely logs nothing: no article", ""},
    {"MTA of 2000: likely as before", V::v2000, S::mta, mta_busy, 9321, "", "likely"},
    {"directory proxy: no article", V::v2003, S::directory, nspi_busy, 0, "likely logs nothing: no article", ""},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(start_logs)

BOOST_AUTO_TEST_CASE(events_and_silences) {
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            StartConditions conditions;
            conditions.version = c.version;
            conditions.windows = c.version >= V::v2003 ? Windows::w2003 : Windows::nt4;
            conditions.busy = {wire::Port{7000}};
            const PortPolicy policy = make_port_policy(registry_of(c.body), conditions);
            base::Random random(1);
            const ServerStart start = start_services(policy, random);
            const auto log = start_log(policy, start);
            const auto entry =
                std::find_if(log.begin(), log.end(), [&](const StartEntry& e) { return e.service == c.service; });
            BOOST_TEST_REQUIRE((entry != log.end()));
            BOOST_TEST((entry->event ? entry->event->id : 0U) == c.event);
            BOOST_TEST((entry->silence.empty() ? *c.silence == '\0' : *c.silence != '\0'), entry->silence);
            BOOST_TEST((entry->silence.find(c.silence) != std::string::npos), entry->silence);
            std::string remarks;
            for (const std::string& remark : entry->remarks) remarks += remark + "\n";
            BOOST_TEST((remarks.find(c.remark) != std::string::npos), remarks);
            const bool lost = *c.body != '\0';
            const auto missing = missing_from_map(policy, start);
            BOOST_TEST(missing.size() == (lost ? 1U : 0U));
            if (lost) BOOST_TEST((missing.front().service == c.service));
            // The others have nothing to tell.
            for (const StartEntry& other : log)
                if (other.service != c.service)
                    BOOST_TEST((!other.event && other.silence.empty() && other.remarks.empty()));
        }
}

BOOST_AUTO_TEST_CASE(order_and_versions) {
    const auto names = [](ExchangeVersion version) {
        StartConditions conditions;
        conditions.version = version;
        conditions.windows = version == V::v2010 ? Windows::w2008 : Windows::nt4;
        const PortPolicy policy = make_port_policy(Registry{}, conditions);
        base::Random random(1);
        std::string text;
        for (const StartEntry& entry : start_log(policy, start_services(policy, random)))
            text += std::string(short_name(entry.service)) + " ";
        return text;
    };
    BOOST_TEST(names(V::v5_5) == "SA DS IS MTA ");
    BOOST_TEST(names(V::v2007) == "SA DS IS ");
    BOOST_TEST(names(V::v2010) == "SA DS IS ");
}

BOOST_AUTO_TEST_CASE(stopped_services_are_no_silence) {
    StartConditions conditions;
    conditions.stopped = {S::directory};
    const PortPolicy policy = make_port_policy(Registry{}, conditions);
    base::Random random(1);
    const auto start = start_services(policy, random);
    const auto log = start_log(policy, start);
    BOOST_TEST_REQUIRE(log.size() == 4U);
    BOOST_TEST(log[0].running);
    for (std::size_t i = 1; i < log.size(); ++i) {
        BOOST_TEST(!log[i].running);
        BOOST_TEST((!log[i].event && log[i].silence.empty()));
    }
    BOOST_TEST(missing_from_map(policy, start).size() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace fakeserver::testing
