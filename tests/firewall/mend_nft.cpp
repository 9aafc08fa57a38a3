// Mended nft rule sets: the commands that are told, and the JSON that does the same.
#include "sim/base/random.hpp"
#include "tests/firewall/mend_tasks.hpp"
#include "tests/firewall/nft_rules.hpp"

using namespace mending;
namespace nf = nftables;

namespace {

const std::string in = "inet t";

std::string with_handle(const std::string& chain, unsigned handle, const std::string& statements) {
    return nf::object(
        "rule", in,
        R"("chain": ")" + chain + R"(", "handle": )" + std::to_string(handle) + R"(, "expr": [)" + statements + "]");
}
std::string rule_set(const std::vector<std::string>& statements, const std::string& policy = "drop") {
    std::vector<std::string> objects{nf::table(in), nf::chain(in, "refuse"),
                                     nf::base_chain(in, "forward", "forward", 0, policy),
                                     with_handle("refuse", 90, nf::drop)};
    unsigned handle = 10;
    for (const std::string& one : statements) objects.push_back(with_handle("forward", handle++, one));
    return nf::file(objects);
}

base::Result<fw::mend::MendedRules, std::string> mend_nft(const std::string& text, const fw::mend::MendTask& task) {
    return fw::mend::mend_import(base::SourceText("branch.json", text), fw::import::ImportFormat::nft, {}, task);
}

fw::mend::NeededFlow mapper() { return tcp({only(135)}, "RPC endpoint mapper"); }
fw::mend::NeededFlow services() { return tcp({range(5001, 5002)}, "Exchange"); }

const std::string answers = nf::match("ct state", "in", R"(["established", "related"])") + ", " + nf::accept;
const std::string mapper_rule = nf::match("tcp dport", "135") + ", " + nf::accept;

std::string passes(const std::string& text, const fw::mend::MendTask& task) {
    const auto imported = nf::taken(text);
    for (const fw::mend::NeededFlow& flow : task.needed)
        for (const wire::PortRange& ports : flow.ports)
            for (const wire::Port port : {ports.first, ports.last}) {
                const auto probed = fw::exact::probe_tcp(imported.rules, {}, {flow.client, wire::Port{1030}},
                                                         {flow.server, port}, fw::Side::client);
                if (!probed.passed()) return wire::format(port) + " stays closed";
            }
    return "all";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mend_nft_rules)

BOOST_AUTO_TEST_CASE(what_is_told) {
    const fw::mend::MendTask all = opening({mapper(), services()});
    const std::string to_server = "ip saddr 192.0.2.50 ip daddr 10.0.0.10 ";
    const std::string allow_mapper = to_server + "tcp dport 135 accept comment \"RPC endpoint mapper\"'\n";
    const std::string allow_services = to_server + "tcp dport 5001-5002 accept comment \"Exchange\"'\n";
    struct Row {
        const char* name;
        std::vector<std::string> rules;
        fw::mend::MendTask task;
        std::string commands;
        std::string policy = "drop";
    };
    const Row rows[] = {
        {"nothing to do",
         {answers, mapper_rule, nf::match("tcp dport", "\"5001\"") + ", " + nf::accept,
          nf::match("tcp dport", R"({"set": [5002, 7]})") + ", " + nf::accept},
         all,
         ""},
        {"a policy that accepts", {}, all, "", "accept"},
        {"at the end", {answers, mapper_rule}, all, "nft 'add rule inet t forward " + allow_services},
        {"an empty chain",
         {},
         opening({mapper()}),
         "nft 'add rule inet t forward ct state established,related accept comment \"answers of RPC endpoint "
         "mapper\"'\nnft 'add rule inet t forward " +
             allow_mapper},
        {"before a drop",
         {answers, mapper_rule, nf::match("tcp dport", ">", "1023") + ", " + nf::drop},
         all,
         "nft 'insert rule inet t forward position 12 " + allow_services},
        {"before the map that drops",
         {answers, mapper_rule, nf::map("tcp dport", R"({"set": [[{"range": [5000, 6000]}, {"drop": null}]]})")},
         all,
         "nft 'insert rule inet t forward position 12 " + allow_services},
        {"before the jump to a chain that only refuses",
         {answers, mapper_rule, nf::jump("refuse")},
         all,
         "nft 'insert rule inet t forward position 12 " + allow_services},
        {"excess is narrowed",
         {answers, mapper_rule,
          nf::match("ip daddr", "\"10.0.0.10\"") + ", " + nf::match("tcp dport", R"({"range": [5000, 5999]})") + ", " +
              nf::accept},
         closing({mapper(), services()}, {}),
         "nft 'replace rule inet t forward handle 12 ip daddr 10.0.0.10 tcp dport 5001-5002 accept'\n"},
        {"and taken out",
         {answers, mapper_rule, nf::match("tcp dport", R"({"range": [5001, 5002]})") + ", " + nf::accept,
          nf::match("ip daddr", "\"10.0.0.10\"") + ", " + nf::match("tcp dport", "3389") + ", " + nf::accept},
         closing({mapper(), services()}, {}),
         "nft 'delete rule inet t forward handle 13'\n"},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            const std::string text = rule_set(row.rules, row.policy);
            const auto mended = mend_nft(text, row.task);
            BOOST_REQUIRE_MESSAGE(mended.has_value(), (mended ? "" : std::string(mended.error())));
            std::string commands;
            for (const fw::mend::RuleEdit& edit : mended->edits) {
                commands += edit.after + "\n";
                BOOST_TEST(edit.line == 0U);
                BOOST_TEST(!edit.why.empty());
            }
            BOOST_TEST(commands == row.commands);
            BOOST_TEST(passes(mended->text, row.task) == "all");
            if (mended->edits.empty()) BOOST_TEST(mended->text == text);
        }
}

BOOST_AUTO_TEST_CASE(one_line_or_many) {
    const fw::mend::MendTask all = opening({mapper(), services()});
    std::string one_line = rule_set({answers, mapper_rule});
    std::replace(one_line.begin(), one_line.end(), '\n', ' ');
    const auto mended = mend_nft(one_line, all);
    BOOST_REQUIRE(mended.has_value());
    BOOST_TEST(mended->edits.size() == 1U);
    BOOST_TEST(passes(mended->text, all) == "all");
    BOOST_TEST(mended->edits.front().why.find("line") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(refusals) {
    fw::mend::NeededFlow v6 = services();
    v6.client = *wire::IpAddress::parse("2001:db8:a::50");
    v6.clients = wire::Prefix::host(v6.client);
    v6.server = *wire::IpAddress::parse("2001:db8:b::10");
    const auto of_ip = nf::file({nf::table("ip t"), nf::base_chain("ip t", "forward", "forward", 0, "drop")});
    BOOST_TEST(mend_nft(of_ip, opening({v6})).has_value());  // nothing stands in its way
    BOOST_TEST(!mend_nft("{\"nftables\": [{\"table\": 1}]}", opening({services()})).has_value());
    BOOST_TEST(!mend_nft("{", opening({services()})).has_value());
}

// Whatever comes back lets pass what was asked, and has nothing left to mend.
BOOST_AUTO_TEST_CASE(rule_sets_by_chance) {
    base::Random random(7);
    const std::string pool[] = {
        nf::match("tcp dport", "135"),
        nf::match("tcp dport", R"({"range": [5000, 5999]})"),
        nf::match("ip daddr", "\"10.0.0.10\""),
        nf::match("ip saddr", "!=", R"({"set": [{"prefix": {"addr": "192.0.2.0", "len": 24}}, "198.51.100.7"]})"),
        nf::match("th dport", ">", "5001"),
        nf::match("meta l4proto", "\"tcp\""),
        nf::match("tcp flags", "in", "\"syn\""),
        nf::match("ct state", "in", "\"new\""),
        nf::log("x"),
    };
    const std::string verdicts[] = {
        nf::accept,
        nf::drop,
        R"({"reject": null})",
        nf::leave,
        nf::jump("refuse"),
        nf::counter,
        nf::map("tcp dport", R"({"set": [[135, {"drop": null}], ["*", {"accept": null}]]})")};
    const fw::mend::MendTask task = opening({mapper(), services()});
    std::size_t mended_count = 0;
    for (int n = 0; n < 60; ++n) {
        std::vector<std::string> rules;
        if (random.chance(1, 2)) rules.push_back(answers);
        for (std::uint64_t i = random.below(5); i > 0; --i) {
            std::string statements;
            for (std::uint64_t k = random.below(3); k > 0; --k)
                statements += pool[random.below(std::size(pool))] + ", ";
            rules.push_back(statements + verdicts[random.below(std::size(verdicts))]);
        }
        const std::string text = rule_set(rules);
        BOOST_TEST_CONTEXT(text) {
            const auto mended = mend_nft(text, task);
            if (!mended) continue;
            mended_count += mended->edits.empty() ? 0 : 1;
            BOOST_TEST(passes(mended->text, task) == "all");
            const auto again = mend_nft(mended->text, task);
            BOOST_REQUIRE(again.has_value());
            BOOST_TEST(again->edits.size() == 0U);
            BOOST_TEST(again->text == mended->text);
        }
    }
    BOOST_TEST(mended_count > 40U);
}

BOOST_AUTO_TEST_SUITE_END()
