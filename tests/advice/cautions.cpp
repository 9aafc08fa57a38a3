// What an advice must not do, whatever it mends: let in whom the administrator shut out, put permits where only
// refusals belong, pin what need not be pinned, or claim more than was played.
#include "scenarios/advice/advise.hpp"
#include "scenarios/report/advice_text.hpp"
#include "scenarios/runner/reach.hpp"
#include "sim/firewall/exact/probe.hpp"
#include "tests/scenarios/played.hpp"

namespace advice = scenarios::advice;
namespace runner = scenarios::runner;
namespace wire = sim::wire;

namespace {

advice::Advice given(const std::string& toml, std::map<std::string, std::string> files, std::size_t variant = 0) {
    files.try_emplace("r.reg", played::static_reg(7501, 7502));
    const auto staged = played::staged(toml, files);
    const auto units = runner::units_of(staged);
    auto result = advice::advise(units[staged->steps.empty() ? variant : 0], variant, std::nullopt);
    BOOST_TEST_REQUIRE(result.has_value(), (result ? std::string() : std::string(result.error())));
    return *result;
}

const std::string head =
    "title='t'\n[server]\naddress='10.81.8.20'\nregistry='r.reg'\n[client]\naddress='172.28.5.66'\n[firewall]\n";

// Whether another client gets a first packet to a port after the advice.
bool lets_in(const advice::Advice& advice, const char* caller, std::uint16_t port) {
    const auto staged = played::staged(advice.scenario.text, advice.scenario.files);
    const auto& box = staged->variants.front().plan.firewalls.front();
    return sim::firewall::exact::probe_question(box.rules, box.settings, wire::Protocol::tcp,
                                                {*wire::IpAddress::parse(caller), wire::Port{1037}},
                                                {*wire::IpAddress::parse("10.81.8.20"), wire::Port{port}})
               .verdict.action == sim::firewall::Action::accept;
}

struct ShutOut {
    const char* name;
    const char* key;   // of the scenario: rules, import
    const char* text;  // of the file
    const char* outsider;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cautions)

BOOST_AUTO_TEST_CASE(nobody_is_let_in_who_was_shut_out) {
    const std::string iptables = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n";
    const std::string answers = "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";
    const std::string logdrop = iptables + ":LOGDROP - [0:0]\n" + answers +
                                "-A FORWARD -s 172.28.9.0/24 -j LOGDROP\n"
                                "-A FORWARD -d 10.81.8.20/32 -p tcp -m multiport --dports 135,7501 -j ACCEPT\n"
                                "-A FORWARD -j LOGDROP\n-A LOGDROP -j LOG\n-A LOGDROP -j DROP\nCOMMIT\n";
    const std::string order = iptables + answers +
                              "-A FORWARD -d 10.81.8.20/32 -p tcp -m tcp --dport 7000:8000 -j DROP\n"
                              "-A FORWARD -s 172.28.9.0/24 -j DROP\n"
                              "-A FORWARD -s 172.28.0.0/16 -d 10.81.8.20/32 -p tcp -m multiport --dports 135,7501,7502 "
                              "-j ACCEPT\nCOMMIT\n";
    const std::vector<ShutOut> cases{
        {"a ban below the deny that is in the way, native", "rules='f'",
         "default drop\ndrop tcp to 10.81.8.20 port 7000-8000\ndrop tcp from 172.28.9.0/24\n"
         "allow tcp from 172.28.0.0/16 to 10.81.8.20 port 135, 7501, 7502\n",
         "172.28.9.9"},
        {"the same in iptables", "import='f'", order.c_str(), "172.28.9.9"},
        {"a shared chain that drops", "import='f'", logdrop.c_str(), "172.28.9.9"},
        {"a Cisco list", "import='f'\nacl='IN'",
         "ip access-list extended IN\n deny tcp any host 10.81.8.20 range 7000 8000\n"
         " deny ip 172.28.9.0 0.0.0.255 any\n permit tcp 172.28.0.0 0.0.255.255 host 10.81.8.20 eq 135 7501 7502\n",
         "172.28.9.9"},
        {"a rule of another host says nothing about ours", "rules='f'",
         "default drop\nallow tcp to 10.77.77.9 port 25\nallow tcp from 172.21.0.0/16 to 10.81.8.20 port 135, 7501, "
         "7502\n",
         "203.0.113.7"},
    };
    for (const ShutOut& one : cases) {
        BOOST_TEST_CONTEXT(one.name) {
            const auto advice = given(head + one.key + "\n", {{"f", one.text}});
            BOOST_TEST(!advice.rules.empty());
            for (const std::uint16_t port : {std::uint16_t{7501}, std::uint16_t{7502}})
                BOOST_TEST(!lets_in(advice, one.outsider, port), advice.rules.front().mend.text);
            for (const auto& edit : advice.rules.front().mend.edits)
                BOOST_TEST(edit.after.find("-A LOGDROP") == std::string::npos);
        }
    }
}

// The client's own network is the exception of a rule for everybody else: it alone is opened, not everybody again.
BOOST_AUTO_TEST_CASE(an_exception_is_opened_for_itself) {
    const auto advice =
        given(head + "import='f'\n", {{"f",
                                       "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                                       "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
                                       "-A FORWARD -d 10.77.7.7/32 -p tcp -m tcp --dport 25 -j ACCEPT\n"
                                       "-A FORWARD ! -s 172.28.5.0/24 -d 10.81.8.20/32 -p tcp -m multiport --dports "
                                       "135,7501,7502 -j ACCEPT\nCOMMIT\n"}});
    BOOST_TEST_REQUIRE(advice.rules.size() == 1U);
    BOOST_TEST(!advice.rules.front().mend.edits.empty());
    for (const auto& edit : advice.rules.front().mend.edits)
        BOOST_TEST(edit.after.find("-s 172.28.5.") != std::string::npos, edit.after);
}

BOOST_AUTO_TEST_CASE(inspection_needs_no_pinned_port) {
    for (const char* more : {"allow=[25]\n", "allow=[135,'1024-65535']\n"}) {
        const auto advice = given("title='t'\n[firewall]\ninspect=['dcerpc']\n" + std::string(more), {});
        BOOST_TEST(advice.registry.empty());
        BOOST_TEST(advice.rules.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(the_proof_says_what_was_played) {
    // A wide rule without a port is narrowed, and what is open afterwards is told.
    const auto wide = given(head + "[[firewall.rule]]\naction='allow'\nprotocol='any'\nto='10.81.8.20'\n", {});
    BOOST_TEST(wide.proof.filtered);
    BOOST_TEST(wire::format(wide.proof.open_tcp) == "135, 139, 7501-7502");
    BOOST_TEST(wide.scenario.text.find("open_only") != std::string::npos);
    // A port that nothing opens is not claimed to be allowed.
    const auto closed = given(head + "allow=[135,7501]\n", {});
    BOOST_TEST(closed.scenario.text.find("139") == std::string::npos, closed.scenario.text);
    // The session is really left silent.
    const auto idle = given(head +
                                "allow=[135,7501,7502]\nidle_timeout='10m'\n[[step]]\ndo='logon'\n[[step]]\ndo='wait'"
                                "\nfor='5h'\n[[step]]\ndo='use'\n",
                            {});
    BOOST_TEST(idle.scenario.text.find("for = \"5h\"") != std::string::npos);
    BOOST_TEST(idle.scenario.text.find("idle_timeout = \"10h\"") != std::string::npos);
    // No filter, no claim about one.
    const auto open = given("title='t'\n[firewall]\ndefault='allow'\n", {});
    BOOST_TEST(open.nothing_to_do());
    const auto staged = played::staged("title='t'\n[firewall]\ndefault='allow'\n");
    BOOST_TEST(scenarios::report::advice_text(open, staged->variants.front()).find("by default") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(no_two_services_get_one_port) {
    struct Case {
        const char* toml;
        std::size_t services;
    };
    const std::vector<Case> cases{
        {"title='t'\n[server]\nversion='2003'\nwindows='2003'\n[firewall]\nallow=[135]\n", 3},
        {"title='t'\n[server]\nversion='2003'\nwindows='2003'\n[firewall]\nallow=[135,'10025-10027']\n", 3},
        {"title='t'\n[client]\ndo=['logon','admin']\n[firewall]\nallow=[135,7001]\n", 3},
        {"title='t'\n[server]\nversion='2010'\nwindows='2008'\n[firewall]\nallow=[135]\n", 2},
    };
    for (const Case& one : cases) {
        const auto advice = given(one.toml, {});
        // Each mend of the diagnosis names a port of its own, and the registry file the same ones.
        std::vector<std::string> ports;
        for (const auto& finding : advice.findings)
            for (const std::string& mend : finding.mend)
                if (const auto at = mend.find("REG_"); at != std::string::npos)
                    ports.push_back(mend.substr(at, mend.find_first_of(",(", at) - at));
        std::sort(ports.begin(), ports.end());
        BOOST_TEST(ports.size() == one.services, one.toml);
        BOOST_TEST((std::adjacent_find(ports.begin(), ports.end()) == ports.end()), one.toml);
    }
}

BOOST_AUTO_TEST_SUITE_END()
