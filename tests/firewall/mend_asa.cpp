// Mended ASA configurations: commands that do on the device what the text says.
#include "tests/firewall/mend_tasks.hpp"

#include <boost/test/unit_test.hpp>

using namespace mending;

namespace {

const std::string in = "access-list IN extended permit tcp any host 10.0.0.10 eq 135\n";
const std::string bound = "access-group IN in interface outside\n";
const std::string permit = "extended permit tcp host 192.0.2.50 host 10.0.0.10 eq ";

fw::mend::NeededFlow mapper() { return tcp({only(135)}, "RPC endpoint mapper"); }
fw::mend::NeededFlow directory() { return tcp({only(5001)}, "Exchange Directory"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(mend_asa)

BOOST_AUTO_TEST_CASE(openings) {
    const fw::mend::MendTask one = opening({directory()});
    const std::string entry = "access-list IN line 2 remark Exchange Directory\n";
    const std::string six_groups = "object-group network ALL\n network-object host 192.0.2.50\n";
    const Case cases[] = {
        {"nothing to do", Syntax::asa, in + bound, opening({mapper()}), ""},
        {"at the end", Syntax::asa, in + bound, one, "+2 " + entry + "+2 access-list IN line 3 " + permit + "5001\n"},
        {"before the deny, and its remark", Syntax::asa,
         in + "access-list IN remark all else\naccess-list IN extended deny ip any any log\n" + bound, one,
         "+2 " + entry + "+2 access-list IN line 3 " + permit + "5001\n"},
        {"before an entry with a group", Syntax::asa,
         six_groups + "access-list IN extended deny tcp object-group ALL any\n" + in + bound, one,
         "+3 access-list IN line 1 remark Exchange Directory\n+3 access-list IN line 2 " + permit + "5001\n"},
        {"lines in another order than they are asked in", Syntax::asa,
         in + "access-list IN extended deny ip any any\naccess-list IN line 1 extended permit udp any any\n" + bound,
         one, "+4 access-list IN line 3 remark Exchange Directory\n+4 access-list IN line 4 " + permit + "5001\n"},
        {"several ranges", Syntax::asa, in + bound, opening({tcp({range(5001, 5003), only(6000)}, "")}),
         "+2 access-list IN line 2 extended permit tcp host 192.0.2.50 host 10.0.0.10 range 5001 5003\n"
         "+2 access-list IN line 3 " +
             permit + "6000\n"},
        {"no list at the interface", Syntax::asa,
         "interface Vlan2\n nameif outside\ninterface Vlan1\n nameif inside\n: end\n", one,
         "+5 access-list outside_access_in line 1 remark Exchange Directory\n"
         "+5 access-list outside_access_in line 2 " +
             permit +
             "5001\n"
             "+5 access-group outside_access_in in interface outside\n"},
        {"a global list alone", Syntax::asa,
         "access-list G extended permit tcp any any eq 135\naccess-group G global\n", one,
         "+2 access-list G line 2 remark Exchange Directory\n+2 access-list G line 3 " + permit + "5001\n"},
        {"a list, and a deny in the global one behind it", Syntax::asa,
         in + bound + "access-list G extended deny tcp any any eq 5001\naccess-group G global\n", one,
         "+2 access-list IN line 2 remark Exchange Directory\n+2 access-list IN line 3 " + permit + "5001\n"},
        {"the notice, where a list stands at the inside", Syntax::asa,
         "access-list IN extended permit tcp any any\n" + bound +
             "access-list BACK extended permit tcp any any\naccess-group BACK in interface inside\n",
         opening({mapper(), notice()}),
         "+4 access-list BACK line 2 remark new-mail notice\n"
         "+4 access-list BACK line 3 extended permit udp host 10.0.0.10 host 192.0.2.50 gt 1023\n"},
        {"in and out", Syntax::asa,
         in + bound + "access-list OUT extended permit tcp any any eq 135\naccess-group OUT out interface inside\n",
         opening({tcp({only(5001)}, "")}),
         "+2 access-list IN line 2 " + permit + "5001\n+4 access-list OUT line 2 " + permit + "5001\n"},
        {"IPv6", Syntax::asa, "access-list IN extended permit tcp any any eq 135\n" + bound,
         opening(
             {tcp({only(5001)}, "", *wire::IpAddress::parse("2001:db8::10"), *wire::IpAddress::parse("2001:db8::50"))}),
         "+2 access-list IN line 2 extended permit tcp host 2001:db8::50 host 2001:db8::10 eq 5001\n"},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(closings) {
    const fw::mend::MendTask both = closing({mapper(), directory()});
    const std::string wide = "access-list IN extended permit tcp any host 10.0.0.10 range 5000 5100\n";
    const Case cases[] = {
        {"narrowed", Syntax::asa, in + wide + bound, both,
         "+2 access-list IN line 2 remark narrowed from range 5000 5100\n"
         "~2 access-list IN extended permit tcp any host 10.0.0.10 eq 5001\n"},
        {"taken out", Syntax::asa, in + "access-list IN extended permit tcp any host 10.0.0.10 eq 80\n" + bound,
         closing({mapper()}), "-2 ! removed: access-list IN extended permit tcp any host 10.0.0.10 eq 80\n"},
        {"taken out, and one put in", Syntax::asa,
         in + "access-list IN remark the web\naccess-list IN extended permit tcp any host 10.0.0.10 eq 80\n" + bound,
         both,
         "-2 ! removed: access-list IN remark the web\n"
         "-3 ! removed: access-list IN extended permit tcp any host 10.0.0.10 eq 80\n"
         "+4 access-list IN line 2 remark Exchange Directory\n+4 access-list IN line 3 " +
             permit + "5001\n"},
        {"a group of ports is left to a person", Syntax::asa,
         "object-group service MAIL tcp\n port-object eq 135\n port-object eq 80\n"
         "access-list IN extended permit tcp any host 10.0.0.10 object-group MAIL\n" +
             bound,
         closing({mapper()}),
         "+4 access-list IN line 1 remark not needed\n"
         "+4 access-list IN line 2 extended deny tcp host 192.0.2.50 host 10.0.0.10 eq 80\n"},
    };
    for (const Case& c : cases) check(c);
}

BOOST_AUTO_TEST_CASE(why_not) {
    struct Refused {
        const char* name;
        std::string text;
        const char* says;
    };
    const Refused cases[] = {
        {"refused", "nat (inside,outside) source static any any\n" + in + bound,
         "branch:1:1: \"nat\" is not supported: it translates addresses, and that is not modelled"},
        {"equal levels",
         "interface Vlan2\n nameif outside\n security-level 5\ninterface Vlan1\n nameif inside\n security-level 5\n" +
             in + bound,
         "TCP 5001 of 10.0.0.10 (Exchange Directory) is stopped by the security levels outside (5) to inside (5), and "
         "no line that could be "
         "added here lets it pass"},
    };
    for (const Refused& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto result = mend(Syntax::asa, c.text, opening({directory()}));
            BOOST_REQUIRE(!result.has_value());
            BOOST_TEST(result.error() == c.says);
        }
}

BOOST_AUTO_TEST_SUITE_END()
